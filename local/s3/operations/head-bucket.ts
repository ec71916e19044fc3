import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { bucketPermission, type S3Context } from "../context.ts";
import { notFound } from "../errors.ts";

const inputSchema = z.strictObject({ Bucket: z.string() });

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ Bucket }) => [bucketPermission("s3:ListBucket", Bucket)],
    run({ Bucket }) {
      if (context.findBucket(Bucket) === undefined) throw notFound(Bucket);
      return { BucketRegion: context.region };
    },
  });
}
