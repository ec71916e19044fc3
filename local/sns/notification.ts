import type { MessageAttributes } from "./attributes.ts";
import type { Message } from "./message.ts";

/** One message on its way to one subscriber. */
export interface Envelope {
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly messageId: string;
  readonly time: string;
  readonly text: string;
  readonly message: Message;
}

/** Nothing signs a local message; who verifies the signature is told so by its value. */
const UNSIGNED = { SignatureVersion: "1", Signature: "LOCAL" };

/** The JSON of an `email-json` message. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export function notification(envelope: Envelope): Record<string, unknown> {
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
export function lambdaEvent(envelope: Envelope): Record<string, unknown> {
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
