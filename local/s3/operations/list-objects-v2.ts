import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { listPermission, type S3Context } from "../context.ts";
import { LIST_LIMIT_KEYS } from "../limits.ts";
import { listPage } from "../list-page.ts";

const inputSchema = z.strictObject({
  Bucket: z.string(),
  ContinuationToken: z.string().optional(),
  Delimiter: z.string().optional(),
  EncodingType: z.literal("url").optional(),
  MaxKeys: z.int().min(0).optional(),
  Prefix: z.string().optional(),
  StartAfter: z.string().optional(),
});

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ Bucket, Prefix }: Input) => [listPermission(Bucket, Prefix)],
    run(input: Input) {
      const { objects } = context.bucket(input.Bucket);
      const maxKeys = Math.min(input.MaxKeys ?? LIST_LIMIT_KEYS, LIST_LIMIT_KEYS);
      const { Bucket: Name, Prefix = "", Delimiter = "" } = input;
      const page = listPage(objects, { ...input, Prefix, Delimiter, maxKeys });
      return {
        Name,
        Prefix,
        Delimiter: input.Delimiter,
        MaxKeys: maxKeys,
        KeyCount: page.entries.length + page.commonPrefixes.length,
        IsTruncated: page.nextToken !== undefined,
        EncodingType: input.EncodingType,
        StartAfter: input.StartAfter,
        ContinuationToken: input.ContinuationToken,
        NextContinuationToken: page.nextToken,
        Contents: page.entries.map((entry) => ({
          Key: entry.key,
          LastModified: entry.lastModified,
          ETag: entry.etag,
          Size: entry.sizeBytes,
          StorageClass: "STANDARD",
        })),
        CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: commonPrefix })),
      };
    },
  });
}
