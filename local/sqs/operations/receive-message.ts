import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, type Message, queuePermission, type SqsContext } from "../queues.ts";
import { receive } from "../receive.ts";
import { md5 } from "./send-message.ts";

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 * Answers at once with what there is: time does not pass while a call waits, so WaitTimeSeconds has no effect.
 */
export function receiveMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({
      QueueUrl: z.string(),
      MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
      VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
      WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
      AttributeNames: z.array(z.string()).default([]),
      MessageSystemAttributeNames: z.array(z.string()).default([]),
      MessageAttributeNames: z.array(z.string()).default([]),
    }),
    permissions: ({ QueueUrl }) => {
      const key = context.queues.get(QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1))?.kmsKeyArn;
      return [
        queuePermission(context, "ReceiveMessage", QueueUrl),
        ...(key === undefined ? [] : [{ action: "kms:Decrypt", resource: key }]),
      ];
    },
    run({ QueueUrl, MaxNumberOfMessages, VisibilityTimeout, MessageAttributeNames, ...names }) {
      const queue = findQueue(context, QueueUrl);
      const visibilityTimeoutSeconds = VisibilityTimeout ?? queue.visibilityTimeoutSeconds;
      const received = receive(context, queue, { limit: MaxNumberOfMessages, visibilityTimeoutSeconds });
      if (received.length === 0) return {};
      const systemNames = [...names.AttributeNames, ...names.MessageSystemAttributeNames];
      return {
        Messages: received.map((message) => ({
          MessageId: message.id,
          ReceiptHandle: message.id,
          Body: message.body,
          MD5OfBody: md5(message.body),
          Attributes: asked(systemAttributes(message), systemNames),
          MessageAttributes: asked(message.attributes, MessageAttributeNames),
        })),
      };
    },
  });
}

/** Times are milliseconds since 1970. */
function systemAttributes(message: Message): Record<string, string> {
  return {
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt?.getTime()),
    ApproximateReceiveCount: String(message.receiveCount),
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt.getTime()),
  };
}

/** Those of the attributes whose names are asked for: by name, by `prefix.*` or by `All`; undefined when none is. */
function asked<Value>(
  attributes: Readonly<Record<string, Value>>,
  names: readonly string[],
): Record<string, Value> | undefined {
  const matches = (key: string) =>
    names.some(
      (name) => name === "All" || name === key || (name.endsWith(".*") && key.startsWith(name.slice(0, -2))),
    );
  const found = Object.entries(attributes).filter(([key]) => matches(key));
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
