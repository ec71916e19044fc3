import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { bucketPermission, type S3Context } from "../context.ts";

const inputSchema = z.strictObject({ Bucket: z.string() });

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 * The first region of S3 has no location constraint.
 */
export function getBucketLocation(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ Bucket }) => [bucketPermission("s3:GetBucketLocation", Bucket)],
    run({ Bucket }) {
      context.bucket(Bucket);
      return { LocationConstraint: context.region === "us-east-1" ? undefined : context.region };
    },
  });
}
