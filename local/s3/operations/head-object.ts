import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { checkRead } from "../conditions.ts";
import type { S3Context } from "../context.ts";
import { listDenied, notFound } from "../errors.ts";
import { checksumFields, describeObject } from "../object-output.ts";
import { type ReadInput, readInputSchema, readPermissions } from "../read-input.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export function headObject(context: S3Context): Operation {
  return defineOperation({
    input: readInputSchema.omit({ Range: true }),
    permissions: (input: ReadInput) => readPermissions(context, input),
    run(input: ReadInput, { principal }) {
      const bucket = context.findBucket(input.Bucket);
      if (bucket === undefined) throw notFound(input.Bucket);
      const entry = bucket.objects.get(input.Key);
      if (entry === undefined) {
        throw context.mayList(principal, bucket, input.Key)
          ? notFound(input.Key)
          : listDenied(principal.arn, bucket.arn);
      }
      checkRead(entry.etag, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
      return { ...describeObject(entry), ...(input.ChecksumMode === "ENABLED" ? checksumFields(entry) : {}) };
    },
  });
}
