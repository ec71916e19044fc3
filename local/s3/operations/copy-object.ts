import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { keyPermissions, objectPermission, type S3Context } from "../context.ts";
import { parseCopySource } from "../copy-source.ts";
import { listDenied, noSuchKey } from "../errors.ts";
import { encryptionFields } from "../object-output.ts";
import { readPermissions } from "../read-input.ts";

const inputSchema = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  /** `bucket/key`, percent-encoded. */
  CopySource: z.string(),
});

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html, metadata copied with the object. */
export function copyObject(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: (input: Input) => [
      ...readPermissions(context, parseCopySource(input.CopySource)),
      objectPermission("s3:PutObject", input.Bucket, input.Key),
      ...keyPermissions("kms:GenerateDataKey", context.findBucket(input.Bucket)?.kmsKeyArn),
    ],
    run(input: Input, { principal }) {
      const source = parseCopySource(input.CopySource);
      const from = context.bucket(source.Bucket);
      const to = context.bucket(input.Bucket);
      const entry = from.objects.get(source.Key);
      if (entry === undefined) {
        throw context.mayList(principal, from, source.Key)
          ? noSuchKey(source.Key)
          : listDenied(principal.arn, from.arn);
      }
      const { key: _key, etag: _etag, sizeBytes: _size, lastModified: _time, ...attributes } = entry;
      const copy = to.objects.put(input.Key, from.objects.read(entry), {
        ...attributes,
        kmsKeyArn: to.kmsKeyArn,
      });
      return {
        CopyObjectResult: { ETag: copy.etag, LastModified: copy.lastModified },
        ...encryptionFields(copy),
      };
    },
  });
}
