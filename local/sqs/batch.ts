import { z } from "zod";

/** Entries of a batch call: one to ten, with ids of their own. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
export function batchOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const entry = z.strictObject({ Id: z.string().regex(/^[\w-]{1,80}$/), ...shape });
  return z
    .array(entry)
    .min(1)
    .max(10)
    .refine((entries) => new Set(entries.map((one) => (one as { Id: string }).Id)).size === entries.length, {
      error: "Member must have distinct Ids",
    });
}
