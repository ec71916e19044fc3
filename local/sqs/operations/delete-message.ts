import { z } from "zod";
import { defineOperation, type Operation } from "../../aws/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
export function deleteMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), ReceiptHandle: z.string() }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "DeleteMessage", QueueUrl)],
    run({ QueueUrl, ReceiptHandle }) {
      const { messages } = findQueue(context, QueueUrl);
      const index = messages.findIndex(({ id }) => id === ReceiptHandle);
      if (index >= 0) messages.splice(index, 1);
      return {};
    },
  });
}
