import { createHash } from "node:crypto";
import { z } from "zod";
import { defineOperation, type Operation } from "../../aws/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** A queue's default: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const VISIBILITY_TIMEOUT_SECONDS = 30;

/** Answers at once with what there is: time does not pass while a call waits, so WaitTimeSeconds has no effect. */
export function receiveMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({
      QueueUrl: z.string(),
      MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
      VisibilityTimeout: z.number().int().min(0).max(43_200).default(VISIBILITY_TIMEOUT_SECONDS),
      WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
    }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "ReceiveMessage", QueueUrl)],
    run({ QueueUrl, MaxNumberOfMessages, VisibilityTimeout }) {
      const now = context.now();
      const received = findQueue(context, QueueUrl)
        .messages.filter(({ visibleAt }) => visibleAt <= now)
        .slice(0, MaxNumberOfMessages);
      for (const message of received) message.visibleAt = new Date(now.getTime() + VisibilityTimeout * 1000);
      if (received.length === 0) return {};
      return {
        Messages: received.map(({ id, body }) => ({
          MessageId: id,
          ReceiptHandle: id,
          Body: body,
          MD5OfBody: createHash("md5").update(body).digest("hex"),
        })),
      };
    },
  });
}
