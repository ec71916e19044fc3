import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { checkWrite } from "../conditions.ts";
import { objectPermission, type S3Context } from "../context.ts";

const inputSchema = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  IfMatch: z.string().optional(),
});

type Input = z.infer<typeof inputSchema>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export function deleteObject(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ Bucket, Key, IfMatch }: Input) => [
      objectPermission("s3:DeleteObject", Bucket, Key),
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
      ...(IfMatch === undefined || IfMatch === "*" ? [] : [objectPermission("s3:GetObject", Bucket, Key)]),
    ],
    run(input: Input) {
      const { objects } = context.bucket(input.Bucket);
      checkWrite(input.Key, objects.get(input.Key)?.etag, { ifMatch: input.IfMatch, ifNoneMatch: undefined });
      objects.delete(input.Key);
      return {};
    },
  });
}
