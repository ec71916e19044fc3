import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { objectPermission, type S3Context } from "../context.ts";
import { malformedXml } from "../errors.ts";
import { DELETE_OBJECTS_LIMIT } from "../limits.ts";

const inputSchema = z.strictObject({
  Bucket: z.string(),
  Delete: z.strictObject({
    Objects: z.array(z.strictObject({ Key: z.string().min(1) })),
    Quiet: z.boolean().optional(),
  }),
});

type Input = z.infer<typeof inputSchema>;

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 * One key that the caller may not delete denies the whole call; AWS reports it beside the deleted ones.
 */
export function deleteObjects(context: S3Context): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: (input: Input) =>
      input.Delete.Objects.map(({ Key }) => objectPermission("s3:DeleteObject", input.Bucket, Key)),
    run(input: Input) {
      const count = input.Delete.Objects.length;
      if (count < 1 || count > DELETE_OBJECTS_LIMIT) throw malformedXml(`${count} objects to delete`);
      const { objects } = context.bucket(input.Bucket);
      const deleted = input.Delete.Objects.map(({ Key }) => ({ Key }));
      for (const { Key } of deleted) objects.delete(Key);
      return { Deleted: input.Delete.Quiet === true ? [] : deleted, Errors: [] };
    },
  });
}
