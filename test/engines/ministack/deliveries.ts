import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import type { Notification } from "./inbox.ts";
import { type Delivery, textFor } from "./observed.ts";
import type { Publication } from "./publications.ts";

/**
 * What the phones and mailboxes of the graph would have got: the queue beside a subscription hears the text for programs,
 * and the publication that has it says what the subscription's own protocol gets.
 * @throws for a message in a queue that nobody published
 */
export function deliveriesOf(
  graph: Graph,
  inboxes: Readonly<Record<string, readonly Notification[]>>,
  publications: readonly Publication[],
): Record<string, Delivery[]> {
  const protocols = new Map(
    resourcesOfType(graph, "aws:sns/topicSubscription:TopicSubscription").map(({ name, inputs }) => [
      name,
      String(inputs.protocol),
    ]),
  );
  return Object.fromEntries(
    Object.entries(inboxes).map(([name, notifications]) => [
      name,
      notifications.map((notification) => toDelivery(notification, protocols.get(name) ?? "", publications)),
    ]),
  );
}

function toDelivery(
  { Message, Subject, TopicArn, MessageAttributes }: Notification,
  protocol: string,
  publications: readonly Publication[],
): Delivery {
  const publication = publications.find(
    (candidate) => candidate.topicArn === TopicArn && textFor(candidate, "sqs") === Message,
  );
  if (publication === undefined) throw new Error(`nobody published ${Message}`);
  return {
    subject: protocol === "sms" ? undefined : (Subject ?? undefined), // a phone shows none
    message: textFor(publication, protocol),
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { Type, Value }]) => [name, attributeValue(Type, Value)]),
    ),
  };
}

function attributeValue(type: string, value: string): unknown {
  if (type === "Number") return Number(value);
  return type === "String.Array" ? JSON.parse(value) : value;
}
