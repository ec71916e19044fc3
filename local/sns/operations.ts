import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { defineOperation, type Operation, type Permission } from "../endpoint/operation.ts";
import { invalidParameter } from "./attributes.ts";
import type { Delivery } from "./delivery.ts";
import {
  BATCH_ENTRY_ID_LIMIT_CHARACTERS,
  BATCH_LIMIT_ENTRIES,
  LIST_LIMIT_SUBSCRIPTIONS,
  MESSAGE_LIMIT_BYTES,
  SMS_LIMIT_CHARACTERS,
} from "./limits.ts";
import { type Message, messageFields, parseMessage } from "./message.ts";
import { SMS_ATTRIBUTE_NAMES, type SmsAccount } from "./sms-account.ts";
import { listed, PHONE_NUMBER, type Topic } from "./topics.ts";

/** The state that the operations share. */
export interface SnsContext {
  readonly accountId: string;
  readonly smsAccount: SmsAccount;
  readonly delivery: Delivery;
  findTopic(arn: string): Topic | undefined;
  /** @throws {AwsError} NotFound. */
  topic(arn: string): Topic;
}

/** Publishing to an encrypted topic requires permission for its key, too. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
function publishPermissions(context: SnsContext, topicArn: string): Permission[] {
  const keyArn = context.findTopic(topicArn)?.kmsKeyArn;
  return [
    { action: "sns:Publish", resource: topicArn },
    ...(keyArn === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ action, resource: keyArn }))),
  ];
}

const publishInput = z.strictObject({
  ...messageFields,
  TopicArn: z.string().optional(),
  TargetArn: z.string().optional(),
  PhoneNumber: z.string().optional(),
});

type PublishInput = z.infer<typeof publishInput>;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export function publish(context: SnsContext): Operation {
  return defineOperation({
    input: publishInput,
    permissions: (input: PublishInput) => {
      const topicArn = input.TopicArn ?? input.TargetArn;
      // A phone number has no ARN that a policy could name.
      return topicArn === undefined
        ? [{ action: "sns:Publish", resource: "*" }]
        : publishPermissions(context, topicArn);
    },
    async run(input: PublishInput) {
      const messageId = randomUUID();
      const { PhoneNumber: phoneNumber } = input;
      const topicArn = topicArnOf(input);
      if (topicArn !== undefined) {
        const topic = context.topic(topicArn);
        await context.delivery.toTopic(topic, messageId, parseMessage(input));
      } else if (phoneNumber !== undefined) {
        context.delivery.toPhone(phoneNumber, smsOf(phoneNumber, input));
      }
      return { MessageId: messageId };
    },
  });
}

function topicArnOf({ TopicArn, TargetArn, PhoneNumber }: PublishInput): string | undefined {
  const targets = [TopicArn, TargetArn, PhoneNumber].filter((target) => target !== undefined);
  if (targets.length === 0)
    throw invalidParameter("TopicArn or TargetArn Reason: no value for required parameter");
  if (targets.length > 1) {
    throw invalidParameter("TopicArn, TargetArn and PhoneNumber Reason: only one of them can be given");
  }
  if (TargetArn?.includes(":endpoint/")) throw new NotEmulatedError("SNS Publish to a mobile push endpoint");
  return TopicArn ?? TargetArn;
}

function smsOf(phoneNumber: string, input: PublishInput): Message {
  if (!PHONE_NUMBER.test(phoneNumber)) {
    throw invalidParameter(`PhoneNumber Reason: ${phoneNumber} is not valid to publish to`);
  }
  const message = parseMessage(input);
  if (message.textFor("sms").length > SMS_LIMIT_CHARACTERS) throw invalidParameter("Message too long");
  return message;
}

const entrySchema = z.strictObject({ ...messageFields, Id: z.string() });

const publishBatchInput = z.strictObject({
  TopicArn: z.string(),
  // The protocol represents an empty list as empty text.
  PublishBatchRequestEntries: z.array(entrySchema).or(z.literal("").transform((): Entry[] => [])),
});

type PublishBatchInput = z.infer<typeof publishBatchInput>;
type Entry = z.infer<typeof entrySchema>;
type Outcome = { Id: string; message: Message } | { Id: string; error: AwsError };

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html; an invalid entry does not affect the others. */
export function publishBatch(context: SnsContext): Operation {
  return defineOperation({
    input: publishBatchInput,
    permissions: ({ TopicArn }: PublishBatchInput) => publishPermissions(context, TopicArn),
    async run({ TopicArn, PublishBatchRequestEntries: entries }: PublishBatchInput) {
      const topic = context.topic(TopicArn);
      checkEntries(entries);
      const outcomes = entries.map(parseEntry);
      checkSize(outcomes);
      const Successful: { Id: string; MessageId: string }[] = [];
      const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
      for (const outcome of outcomes) {
        if ("error" in outcome) {
          const { code: Code, message: Message } = outcome.error;
          Failed.push({ Id: outcome.Id, Code, Message, SenderFault: true });
          continue;
        }
        const MessageId = randomUUID();
        await context.delivery.toTopic(topic, MessageId, outcome.message);
        Successful.push({ Id: outcome.Id, MessageId });
      }
      return { Successful, Failed };
    },
  });
}

function checkEntries(entries: readonly Entry[]): void {
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  }
  if (entries.length > BATCH_LIMIT_ENTRIES) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `The batch request contains more entries than permissible: ${entries.length} of at most ${BATCH_LIMIT_ENTRIES}.`,
    );
  }
  const ids = entries.map(({ Id }) => Id);
  const bad = ids.find((id) => !/^[\w-]+$/.test(id) || id.length > BATCH_ENTRY_ID_LIMIT_CHARACTERS);
  if (bad !== undefined) {
    throw new AwsError(
      "InvalidBatchEntryId",
      `The Id of a batch entry in a batch request doesn't abide by the specification: ${JSON.stringify(bad)}.`,
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  }
}

function parseEntry(entry: Entry): Outcome {
  try {
    return { Id: entry.Id, message: parseMessage(entry) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Id: entry.Id, error };
  }
}

function checkSize(outcomes: readonly Outcome[]): void {
  const sizeBytes = outcomes.reduce((sum, one) => sum + ("message" in one ? one.message.sizeBytes : 0), 0);
  if (sizeBytes <= MESSAGE_LIMIT_BYTES) return;
  throw new AwsError(
    "BatchRequestTooLong",
    `The length of all the batch messages put together is more than the limit: ${sizeBytes} of at most ${MESSAGE_LIMIT_BYTES} bytes.`,
  );
}

const topicAttributesInput = z.strictObject({ TopicArn: z.string() });

type TopicAttributesInput = z.infer<typeof topicAttributesInput>;

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
export function getTopicAttributes(context: SnsContext): Operation {
  return defineOperation({
    input: topicAttributesInput,
    permissions: ({ TopicArn }: TopicAttributesInput) => [
      { action: "sns:GetTopicAttributes", resource: TopicArn },
    ],
    run({ TopicArn }: TopicAttributesInput) {
      const { displayName = "", kmsKeyArn, policy, subscriptions } = context.topic(TopicArn);
      const pending = subscriptions.filter(({ isPending }) => isPending).length;
      return {
        Attributes: {
          TopicArn,
          Owner: context.accountId,
          DisplayName: displayName,
          SubscriptionsConfirmed: String(subscriptions.length - pending),
          SubscriptionsPending: String(pending),
          SubscriptionsDeleted: "0",
          ...(kmsKeyArn === undefined ? {} : { KmsMasterKeyId: kmsKeyArn }),
          ...(policy === undefined
            ? {}
            : { Policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
        },
      };
    },
  });
}

const subscriptionsInput = z.strictObject({ TopicArn: z.string(), NextToken: z.string().optional() });

type SubscriptionsInput = z.infer<typeof subscriptionsInput>;

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html; the token is an offset. */
export function listSubscriptionsByTopic(context: SnsContext): Operation {
  return defineOperation({
    input: subscriptionsInput,
    permissions: ({ TopicArn }: SubscriptionsInput) => [
      { action: "sns:ListSubscriptionsByTopic", resource: TopicArn },
    ],
    run({ TopicArn, NextToken = "0" }: SubscriptionsInput) {
      const { subscriptions } = context.topic(TopicArn);
      if (!/^\d{1,9}$/.test(NextToken)) throw invalidParameter(`NextToken Reason: ${NextToken}`);
      const start = Number(NextToken);
      const end = start + LIST_LIMIT_SUBSCRIPTIONS;
      return {
        Subscriptions: subscriptions.slice(start, end).map((one) => listed(one, context.accountId)),
        ...(end < subscriptions.length ? { NextToken: String(end) } : {}),
      };
    },
  });
}

const smsAttributesInput = z.strictObject({ attributes: z.array(z.string()).optional() });

type SmsAttributesInput = z.infer<typeof smsAttributesInput>;

/** https://docs.aws.amazon.com/sns/latest/api/API_GetSMSAttributes.html; without names it returns all attributes. */
export function getSmsAttributes(context: SnsContext): Operation {
  return defineOperation({
    input: smsAttributesInput,
    permissions: () => [{ action: "sns:GetSMSAttributes", resource: "*" }],
    run({ attributes }: SmsAttributesInput) {
      const names = attributes ?? SMS_ATTRIBUTE_NAMES;
      const unknown = names.find((name) => !SMS_ATTRIBUTE_NAMES.includes(name));
      if (unknown !== undefined)
        throw invalidParameter(`attributes Reason: ${unknown} is not an SMS attribute`);
      const set = Object.entries(context.smsAccount.attributes).filter(([name]) => names.includes(name));
      return { attributes: Object.fromEntries(set) };
    },
  });
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetSMSSandboxAccountStatus.html */
export function getSmsSandboxAccountStatus(context: SnsContext): Operation {
  return defineOperation({
    input: z.strictObject({}),
    permissions: () => [{ action: "sns:GetSMSSandboxAccountStatus", resource: "*" }],
    run: () => ({ IsInSandbox: context.smsAccount.isInSandbox }),
  });
}
