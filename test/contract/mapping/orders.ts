import { randomUUID } from "node:crypto";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { Backend, Declared, Event, MappingSettings, World } from "../backend.ts";
import { ALWAYS } from "../recorder.ts";

/** What a record asks of the function (recorder.ts). */
export interface Order {
  readonly name: string;
  readonly fails?: number;
  readonly how?: "report";
  readonly [field: string]: unknown;
}

export const order = (name: string, more: Partial<Order> = {}): Order => ({ name, ...more });
export const orders = (...names: string[]) => names.map((name) => order(name));
export const poison = (name = "poison") => order(name, { fails: ALWAYS });

/** A line over a stream with a mapping, and a bucket and a queue beside it. */
export const onMapping =
  (settings: MappingSettings, check: (world: World) => Promise<void>, shards = 1) =>
  async (backend: Backend): Promise<void> => {
    await using world = await backend.open(declared(settings, shards));
    await check(world);
  };

export const declared = (settings: MappingSettings, shards = 1): Declared => ({
  buckets: { failed: [] },
  queues: ["failed"],
  streams: { orders: shards },
  mappings: { orders: settings },
});

/** Puts records in one call, all of one key unless they have one of their own. */
export async function put(world: World, records: readonly (Order | string)[], shard?: string): Promise<void> {
  const Records = records.map((record) => ({
    Data: Buffer.from(typeof record === "string" ? record : JSON.stringify({ ...record, id: randomUUID() })),
    PartitionKey: typeof record === "object" && typeof record.key === "string" ? record.key : "key",
    ...(shard !== undefined && { ExplicitHashKey: shard }),
  }));
  await world.clients.kinesis.send(new PutRecordsCommand({ StreamName: world.name("orders"), Records }));
}

/** Names in the batches that the function was given so far. */
export async function batchesOf(world: World): Promise<string[][]> {
  return (await world.events()).map((event: Event) =>
    event.Records.map(
      ({ kinesis }: Event) => JSON.parse(Buffer.from(kinesis.data, "base64").toString()).name,
    ),
  );
}

/** Names in the order in which the function was given them. */
export const namesOf = async (world: World) => (await batchesOf(world)).flat();

/** Waits for so many names, and a little longer, lest there are more. */
export async function namesAfter(world: World, count: number, seconds = 8): Promise<string[]> {
  await world.pass(seconds, { until: async () => (await namesOf(world)).length >= count });
  await world.linger(1);
  return await namesOf(world);
}
