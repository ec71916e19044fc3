import { createHash } from "node:crypto";
import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { attributesSchema } from "../message-attributes.ts";
import { findQueue, type SqsContext, sendPermissions } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_048_576;

/** What SendMessage and an entry of SendMessageBatch have in common. */
export const messageShape = {
  MessageBody: z
    .string()
    .min(1)
    .refine((body) => Buffer.byteLength(body) <= MAX_MESSAGE_BYTES, {
      error: `Member must have at most ${MAX_MESSAGE_BYTES} bytes`,
    }),
  MessageAttributes: attributesSchema.optional(),
  DelaySeconds: z.number().int().min(0).max(900).optional(),
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export function sendMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), ...messageShape }),
    permissions: ({ QueueUrl }) => sendPermissions(context, QueueUrl),
    run({ QueueUrl, ...message }, { principal }) {
      return send(context, QueueUrl, message, principal.accessKeyId);
    },
  });
}

/** Puts one message into a queue. Returns what the API answers of it. */
export function send(
  context: SqsContext,
  queueUrl: string,
  message: z.infer<z.ZodObject<typeof messageShape>>,
  senderId: string,
): { MessageId: string; MD5OfMessageBody: string } {
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delaySeconds } = message;
  const MessageId = context.send(findQueue(context, queueUrl), { body, attributes, senderId, delaySeconds });
  return { MessageId, MD5OfMessageBody: md5(body) };
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}
