import { SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import type { Clients } from "../deployment/clients.ts";

/** A message of SNS in a queue: https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const notificationSchema = z.object({
  Type: z.literal("Notification"),
  TopicArn: z.string(),
  Subject: z.string().nullish(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Type: z.string(), Value: z.string() })).default({}),
});
export type Notification = z.infer<typeof notificationSchema>;

/** Queues that hear of a topic what phones and mailboxes hear, which no emulator has. */
export interface Inboxes {
  /** By the subscription's name: what came since the last call, in order. */
  drain(): Promise<Record<string, Notification[]>>;
}

/** Gives every SMS and e-mail subscription of the graph a queue beside it, subscribed to the same topic with the same filter policy. */
export async function subscribeInboxes(graph: Graph, { sns, sqs }: Clients): Promise<Inboxes> {
  const queues = new Map<string, string>();
  for (const { name, inputs } of resourcesOfType(graph, "aws:sns/topicSubscription:TopicSubscription")) {
    if (inputs.protocol !== "sms" && inputs.protocol !== "email") continue;
    const QueueName = `inbox-${name}`;
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
    queues.set(name, QueueUrl);
    const Endpoint = `arn:aws:sqs:${graph.region}:${graph.accountId}:${QueueName}`;
    const Attributes = inputs.filterPolicy ? { FilterPolicy: String(inputs.filterPolicy) } : {};
    await sns.send(
      new SubscribeCommand({ TopicArn: String(inputs.topic), Protocol: "sqs", Endpoint, Attributes }),
    );
  }
  return {
    async drain() {
      const drained = [...queues].map(async ([name, url]) => [name, await drainQueue(sqs, url)] as const);
      return Object.fromEntries(await Promise.all(drained));
    },
  };
}

async function drainQueue(sqs: SQSClient, QueueUrl: string): Promise<Notification[]> {
  const notifications: Notification[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return notifications;
    notifications.push(...Messages.map(({ Body = "" }) => notificationSchema.parse(JSON.parse(Body))));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
