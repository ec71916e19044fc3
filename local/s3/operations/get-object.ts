import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { checkRead } from "../conditions.ts";
import type { S3Context } from "../context.ts";
import { listDenied, noSuchKey } from "../errors.ts";
import { checksumFields, describeObject } from "../object-output.ts";
import { parseRange } from "../range.ts";
import { type ReadInput, readInputSchema, readPermissions } from "../read-input.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export function getObject(context: S3Context): Operation {
  return defineOperation({
    input: readInputSchema,
    permissions: (input: ReadInput) => readPermissions(context, input),
    run(input: ReadInput, { principal }) {
      const bucket = context.bucket(input.Bucket);
      const entry = bucket.objects.get(input.Key);
      if (entry === undefined) {
        throw context.mayList(principal, bucket, input.Key)
          ? noSuchKey(input.Key)
          : listDenied(principal.arn, bucket.arn);
      }
      checkRead(entry.etag, { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch });
      const range = input.Range === undefined ? undefined : parseRange(input.Range, entry.sizeBytes);
      const body = bucket.objects.read(entry);
      if (range !== undefined) {
        return {
          ...describeObject(entry),
          Body: body.subarray(range.first, range.last + 1),
          ContentLength: range.last - range.first + 1,
          ContentRange: `bytes ${range.first}-${range.last}/${entry.sizeBytes}`,
        };
      }
      const checksum = input.ChecksumMode === "ENABLED" ? checksumFields(entry) : {};
      return { ...describeObject(entry), Body: body, ...checksum };
    },
  });
}
