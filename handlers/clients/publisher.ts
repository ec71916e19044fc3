import { type MessageAttributeValue, PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Message, MessageKind } from "../weather/messages/message.ts";
import type { Language } from "../weather/messages/tags.ts";
import type { Sends } from "./dependencies.ts";

/** Message attributes that subscriptions filter by. */
export interface Routing {
  /** `all`, or names of subscriptions. */
  readonly audience: "all" | readonly string[];
  /** Yellow 1, orange 2, red 3; {@link LEVEL_OF_SCHEDULED} passes every filter. */
  readonly level: number;
  /** The location of an alert, or the locations that a message to all is for. */
  readonly location: string | readonly string[];
  /** A message is published once in each language, and subscribers receive their own. */
  readonly language: Language;
  readonly hazard: string;
  readonly kind: MessageKind;
}

export const LEVEL_OF_SCHEDULED = 9;

interface PublisherOptions {
  readonly topicArn: string;
  /** US dollars; a text that would cost more is not sent. */
  readonly maxPriceUsd: number;
}

/** Returns SNS's own id of the message, by which its delivery logs know it. */
export type Publish = (message: Message, routing: Routing) => Promise<string | undefined>;

/** Publishes to a topic: a text for phones, one for mailboxes, and JSON for every other protocol. Throws what SNS throws. */
export function createPublisher(sns: Sends<SNSClient>, { topicArn, maxPriceUsd }: PublisherOptions): Publish {
  return async (message, routing) => {
    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: message.subject,
        MessageStructure: "json",
        Message: JSON.stringify({
          default: JSON.stringify(message.program),
          sms: message.sms,
          email: message.email,
        }),
        MessageAttributes: toAttributes(routing, maxPriceUsd),
      }),
    );
    return MessageId;
  };
}

/** Publishes a text to a topic of mailboxes; the subject as SNS wants it, ASCII and short. Throws what SNS throws. */
export function createPlainPublisher(
  sns: Sends<SNSClient>,
  topicArn: string,
): (message: { readonly subject: string; readonly body: string }) => Promise<string | undefined> {
  return async ({ subject, body }) => {
    const request = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body });
    return (await sns.send(request)).MessageId;
  };
}

/** SMSType is Promotional by default, which carriers may hold back: https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-topic.html */
function toAttributes(routing: Routing, maxPriceUsd: number): Record<string, MessageAttributeValue> {
  const { audience, location } = routing;
  return {
    audience: strings(audience === "all" ? ["all"] : audience),
    level: { DataType: "Number", StringValue: String(routing.level) },
    location: typeof location === "string" ? string(location) : strings(location),
    language: string(routing.language),
    hazard: string(routing.hazard),
    kind: string(routing.kind),
    "AWS.SNS.SMS.SMSType": string("Transactional"),
    "AWS.SNS.SMS.MaxPrice": { DataType: "Number", StringValue: String(maxPriceUsd) },
  };
}

function string(value: string): MessageAttributeValue {
  return { DataType: "String", StringValue: value };
}

function strings(values: readonly string[]): MessageAttributeValue {
  return { DataType: "String.Array", StringValue: JSON.stringify(values) };
}
