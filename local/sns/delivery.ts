import type { SendAs } from "../sqs/sqs.ts";
import { filterAttributes, flatten, type MessageAttributes } from "./attributes.ts";
import { bodyAttributes, matchesFilterPolicy } from "./filter-policy.ts";
import type { Message } from "./message.ts";
import type { Outbox } from "./outbox.ts";
import type { Subscription, Topic } from "./topics.ts";

/**
 * Invokes a function asynchronously for a topic. Resolves when the invocation is queued or done, and rejects when it is
 * denied.
 */
export type InvokeFunction = (
  functionArn: string,
  event: unknown,
  source: { principal: "sns.amazonaws.com"; sourceArn: string },
) => Promise<void>;

/** A message that did not reach one subscriber. The publisher and the other subscribers are not affected. */
export interface DeliveryFailure {
  readonly time: string;
  readonly messageId: string;
  readonly subscriptionArn: string;
  readonly error: Error;
  /** The queue in which AWS would keep the message; without it the message is lost. */
  readonly deadLetterTargetArn?: string;
}

export interface Delivery {
  /** Delivers a message to the confirmed subscribers of a topic whose filter policies match. */
  toTopic(topic: Topic, messageId: string, message: Message): Promise<void>;
  toPhone(phoneNumber: string, message: Message): void;
  readonly failures: readonly DeliveryFailure[];
}

export function createDelivery(options: {
  now: () => Date;
  outbox: Outbox;
  invokeFunction: InvokeFunction | undefined;
  sendToQueue: SendAs | undefined;
}): Delivery {
  const { now, outbox, invokeFunction, sendToQueue } = options;
  const failures: DeliveryFailure[] = [];

  async function toSubscriber(topic: Topic, subscription: Subscription, messageId: string, message: Message) {
    const time = now().toISOString();
    const { endpoint, protocol } = subscription;
    const text = message.textFor(protocol);
    const attributes = flatten(message.attributes);
    const subject = message.subject === undefined ? {} : { subject: message.subject };
    const envelope = {
      topicArn: topic.arn,
      subscriptionArn: subscription.arn,
      messageId,
      time,
      text,
      message,
    };
    switch (protocol) {
      case "sms":
        outbox.append({ time, protocol, endpoint, message: smsText(topic, text), attributes });
        break;
      case "email":
        outbox.append({ time, protocol, endpoint, ...subject, message: text, attributes });
        break;
      case "email-json": {
        const json = JSON.stringify(notification(envelope));
        outbox.append({ time, protocol: "email", endpoint, ...subject, message: json, attributes });
        break;
      }
      case "sqs": {
        const caller = { service: "sns.amazonaws.com", sourceArn: topic.arn };
        if (subscription.isRaw) sendToQueue?.(caller, endpoint, text, message.attributes);
        else sendToQueue?.(caller, endpoint, JSON.stringify(notification(envelope)));
        break;
      }
      case "lambda":
        await invokeFunction?.(endpoint, lambdaEvent(envelope), {
          principal: "sns.amazonaws.com",
          sourceArn: topic.arn,
        });
    }
  }

  return {
    failures,
    async toTopic(topic, messageId, message) {
      const attributes = filterAttributes(message.attributes);
      for (const subscription of topic.subscriptions) {
        const { isPending, filterPolicy, filtersBody, protocol, deadLetterTargetArn } = subscription;
        if (isPending) continue;
        const seen = filtersBody ? bodyAttributes(message.textFor(protocol)) : attributes;
        if (filterPolicy !== undefined && !matchesFilterPolicy(filterPolicy, seen)) continue;
        try {
          await toSubscriber(topic, subscription, messageId, message);
        } catch (cause) {
          failures.push({
            time: now().toISOString(),
            messageId,
            subscriptionArn: subscription.arn,
            error: cause instanceof Error ? cause : new Error(String(cause)),
            ...(deadLetterTargetArn === undefined ? {} : { deadLetterTargetArn }),
          });
        }
      }
    },
    toPhone(phoneNumber, message) {
      const attributes = flatten(message.attributes);
      const text = message.textFor("sms");
      outbox.append({
        time: now().toISOString(),
        protocol: "sms",
        endpoint: phoneNumber,
        message: text,
        attributes,
      });
    },
  };
}

/** The display name of a topic precedes the text. https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-topic.html */
function smsText({ displayName }: Topic, text: string): string {
  return displayName === undefined ? text : `${displayName.toUpperCase()}> ${text}`;
}

/** One message for one subscriber. */
interface Envelope {
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly messageId: string;
  readonly time: string;
  readonly text: string;
  readonly message: Message;
}

/** Local messages are not signed. The value shows this to code that verifies signatures. */
const UNSIGNED = { SignatureVersion: "1", Signature: "LOCAL" };

/** The JSON of an `email-json` message. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function notification(envelope: Envelope): Record<string, unknown> {
  const { message } = envelope;
  return {
    Type: "Notification",
    MessageId: envelope.messageId,
    TopicArn: envelope.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: envelope.text,
    Timestamp: envelope.time,
    ...UNSIGNED,
    SigningCertURL: "",
    UnsubscribeURL: unsubscribeUrl(envelope),
    ...(Object.keys(message.attributes).length === 0 ? {} : { MessageAttributes: typed(message.attributes) }),
  };
}

/** The event of a function that subscribes to a topic. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
function lambdaEvent(envelope: Envelope): Record<string, unknown> {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: envelope.subscriptionArn,
        Sns: {
          Type: "Notification",
          MessageId: envelope.messageId,
          TopicArn: envelope.topicArn,
          Subject: envelope.message.subject ?? null,
          Message: envelope.text,
          Timestamp: envelope.time,
          ...UNSIGNED,
          SigningCertUrl: "",
          UnsubscribeUrl: unsubscribeUrl(envelope),
          MessageAttributes: typed(envelope.message.attributes),
        },
      },
    ],
  };
}

function typed(attributes: MessageAttributes): Record<string, { Type: string; Value: string }> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue = "", BinaryValue }]) => {
      const Value = BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString("base64");
      return [name, { Type: DataType, Value }];
    }),
  );
}

function unsubscribeUrl({ subscriptionArn }: Envelope): string {
  return `https://sns.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`;
}
