import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { checkWrite } from "../conditions.ts";
import { objectPermission, type S3Context } from "../context.ts";
import { malformedXml } from "../errors.ts";
import { DELETE_OBJECTS_LIMIT } from "../limits.ts";

const deleteObjectInput = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  IfMatch: z.string().optional(),
});

type DeleteObjectInput = z.infer<typeof deleteObjectInput>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export function deleteObject(context: S3Context): Operation {
  return defineOperation({
    input: deleteObjectInput,
    permissions: ({ Bucket, Key, IfMatch }: DeleteObjectInput) => [
      objectPermission("s3:DeleteObject", Bucket, Key),
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-delete-enforce.html
      ...(IfMatch === undefined || IfMatch === "*" ? [] : [objectPermission("s3:GetObject", Bucket, Key)]),
    ],
    run(input: DeleteObjectInput) {
      const { objects } = context.bucket(input.Bucket);
      checkWrite(input.Key, objects.get(input.Key)?.etag, { ifMatch: input.IfMatch, ifNoneMatch: undefined });
      objects.delete(input.Key);
      return {};
    },
  });
}

const deleteObjectsInput = z.strictObject({
  Bucket: z.string(),
  Delete: z.strictObject({
    Objects: z.array(z.strictObject({ Key: z.string().min(1) })),
    Quiet: z.boolean().optional(),
  }),
});

type DeleteObjectsInput = z.infer<typeof deleteObjectsInput>;

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 * If the caller may not delete one of the keys, the whole call is denied; AWS would delete the other keys.
 */
export function deleteObjects(context: S3Context): Operation {
  return defineOperation({
    input: deleteObjectsInput,
    permissions: (input: DeleteObjectsInput) =>
      input.Delete.Objects.map(({ Key }) => objectPermission("s3:DeleteObject", input.Bucket, Key)),
    run(input: DeleteObjectsInput) {
      const count = input.Delete.Objects.length;
      if (count < 1 || count > DELETE_OBJECTS_LIMIT) throw malformedXml(`${count} objects to delete`);
      const { objects } = context.bucket(input.Bucket);
      const deleted = input.Delete.Objects.map(({ Key }) => ({ Key }));
      for (const { Key } of deleted) objects.delete(Key);
      return { Deleted: input.Delete.Quiet === true ? [] : deleted, Errors: [] };
    },
  });
}
