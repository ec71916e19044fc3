import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { batchOf } from "../batch.ts";
import { type SqsContext, sendPermissions } from "../queues.ts";
import { messageShape, send } from "./send-message.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export function sendMessageBatch(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), Entries: batchOf(messageShape) }),
    permissions: ({ QueueUrl }) => sendPermissions(context, QueueUrl),
    run({ QueueUrl, Entries }, { principal }) {
      const Successful = Entries.map(({ Id, ...message }) => ({
        Id,
        ...send(context, QueueUrl, message, principal.accessKeyId),
      }));
      return { Successful, Failed: [] };
    },
  });
}
