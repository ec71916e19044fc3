import {
  type MessageAttributeValue,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
} from "@aws-sdk/client-sns";
import type { Backend, World } from "../backend.ts";

/** What a publication that is not as it must be is rejected with. */
export const INVALID = /^InvalidParameter(Value)?Exception$/;

export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

export const text = (StringValue: string): MessageAttributeValue => ({ DataType: "String", StringValue });
export const number = (value: number): MessageAttributeValue => ({
  DataType: "Number",
  StringValue: String(value),
});
export const array = (...values: unknown[]): MessageAttributeValue => ({
  DataType: "String.Array",
  StringValue: JSON.stringify(values),
});

/** A line over a topic without a filter. */
export const onTopic = (check: (world: World) => Promise<void>) => async (backend: Backend) => {
  await using world = await backend.open({ topics: { alerts: null } });
  await check(world);
};

export function publish(world: World, input: PublishCommandInput) {
  return world.clients.sns.send(new PublishCommand({ TopicArn: world.topicArn("alerts"), ...input }));
}

export function publishBatch(world: World, entries: PublishBatchRequestEntry[]) {
  return world.clients.sns.send(
    new PublishBatchCommand({ TopicArn: world.topicArn("alerts"), PublishBatchRequestEntries: entries }),
  );
}

/** What the subscribed function was given, when as many messages have come, and none comes after them. */
export async function deliveriesOf(world: World, count: number) {
  await world.pass(10, { until: async () => (await world.events()).length >= count });
  await world.linger(0.5);
  return (await world.events()).map((event) => event.Records[0].Sns);
}
