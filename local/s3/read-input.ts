import * as z from "zod";
import type { Permission } from "../endpoint/operation.ts";
import { keyPermissions, objectPermission, type S3Context } from "./context.ts";

/** Input of GetObject and HeadObject. */
export const readInputSchema = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  ChecksumMode: z.literal("ENABLED").optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  Range: z.string().optional(),
});

export type ReadInput = z.infer<typeof readInputSchema>;

/** Reading needs the key that the object was written under, not the bucket's present one. */
export function readPermissions(context: S3Context, input: { Bucket: string; Key: string }): Permission[] {
  const entry = context.findBucket(input.Bucket)?.objects.get(input.Key);
  return [
    objectPermission("s3:GetObject", input.Bucket, input.Key),
    ...keyPermissions("kms:Decrypt", entry?.kmsKeyArn),
  ];
}
