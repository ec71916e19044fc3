import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";
import { remove } from "../receive.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
export function deleteMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "DeleteMessage", QueueUrl)],
    run({ QueueUrl, ReceiptHandle }) {
      remove(findQueue(context, QueueUrl), ReceiptHandle);
      return {};
    },
  });
}
