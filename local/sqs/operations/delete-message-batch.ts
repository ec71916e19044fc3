import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { batchOf } from "../batch.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";
import { remove } from "../receive.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html */
export function deleteMessageBatch(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), Entries: batchOf({ ReceiptHandle: z.string() }) }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "DeleteMessage", QueueUrl)],
    run({ QueueUrl, Entries }) {
      const queue = findQueue(context, QueueUrl);
      for (const { ReceiptHandle } of Entries) remove(queue, ReceiptHandle);
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
  });
}
