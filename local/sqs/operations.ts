import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../endpoint/error.ts";
import { defineOperation, type Operation } from "../endpoint/operation.ts";
import {
  attributesSchema,
  findQueue,
  type Message,
  type Queue,
  queuePermission,
  receive,
  remove,
  type SqsContext,
  sendPermissions,
} from "./queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_048_576;

/** The common fields of SendMessage and an entry of SendMessageBatch. */
const messageShape = {
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

/** Puts one message into a queue, and returns the output of the API. */
function send(
  context: SqsContext,
  queueUrl: string,
  message: z.infer<z.ZodObject<typeof messageShape>>,
  senderId: string,
): { MessageId: string; MD5OfMessageBody: string } {
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delaySeconds } = message;
  const MessageId = context.send(findQueue(context, queueUrl), { body, attributes, senderId, delaySeconds });
  return { MessageId, MD5OfMessageBody: md5(body) };
}

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

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

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 * Returns the available messages immediately. WaitTimeSeconds has no effect, because time does not pass during a call.
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

/** The attributes that are requested by name, by `prefix.*` or by `All`; undefined without a match. */
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

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export function changeMessageVisibility(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({
      QueueUrl: z.string(),
      ReceiptHandle: z.string(),
      VisibilityTimeout: z.number().int().min(0).max(43_200),
    }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "ChangeMessageVisibility", QueueUrl)],
    run({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      const { messages } = findQueue(context, QueueUrl);
      const message = messages.find(({ id }) => id === ReceiptHandle);
      if (message === undefined)
        throw new AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
      message.visibleAt = new Date(context.now().getTime() + VisibilityTimeout * 1000);
      return {};
    },
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export function getQueueAttributes(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "GetQueueAttributes", QueueUrl)],
    run({ QueueUrl, AttributeNames }) {
      const attributes = queueAttributes(findQueue(context, QueueUrl), context.now());
      const isAsked = (name: string) => AttributeNames.includes("All") || AttributeNames.includes(name);
      return { Attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => isAsked(name))) };
    },
  });
}

function queueAttributes(queue: Queue, now: Date): Record<string, string> {
  const { messages, policy, redrive } = queue;
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  return {
    ApproximateNumberOfMessages: String(messages.length - hidden.length),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    QueueArn: queue.arn,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ...(policy !== undefined && { Policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
    ...(redrive !== undefined && { RedrivePolicy: JSON.stringify(redrive) }),
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
export function getQueueUrl(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
    permissions: ({ QueueName }) => [queuePermission(context, "GetQueueUrl", QueueName)],
    run({ QueueName }) {
      return { QueueUrl: findQueue(context, QueueName).url };
    },
  });
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export function purgeQueue(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string() }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "PurgeQueue", QueueUrl)],
    run({ QueueUrl }) {
      findQueue(context, QueueUrl).messages.length = 0;
      return {};
    },
  });
}

/** Entries of a batch call: one to ten, with distinct ids. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
function batchOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const entry = z.strictObject({ Id: z.string().regex(/^[\w-]{1,80}$/), ...shape });
  return z
    .array(entry)
    .min(1)
    .max(10)
    .refine((entries) => new Set(entries.map((one) => (one as { Id: string }).Id)).size === entries.length, {
      error: "Member must have distinct Ids",
    });
}
