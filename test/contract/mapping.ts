import { randomUUID } from "node:crypto";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { LIMITS } from "../../local/lambda/mapping/limits.ts";
import { linesOf } from "./line.ts";
import type { Declared, Event, MappingSettings, Place, World } from "./place.ts";
import { ALWAYS } from "./recorder.ts";

const POLLING = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html";
const PARAMETERS = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html";
const RETRIES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html";
const PARTIAL = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html";
const FILTERS = "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html";
const API = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html";

/** What a record asks of the function (recorder.ts). */
interface Order {
  readonly name: string;
  readonly fails?: number;
  readonly how?: "report";
  readonly [field: string]: unknown;
}

const order = (name: string, more: Partial<Order> = {}): Order => ({ name, ...more });
const orders = (...names: string[]) => names.map((name) => order(name));
const poison = (name = "poison") => order(name, { fails: ALWAYS });

/** Hash keys in the first and in the second of two shards. */
const [FIRST, SECOND] = ["0", String(2n ** 127n)];

/** A line over a stream with a mapping, and a bucket and a queue beside it. */
const onMapping =
  (settings: MappingSettings, check: (world: World) => Promise<void>, shards = 1) =>
  async (place: Place): Promise<void> => {
    await using world = await place.open(declared(settings, shards));
    await check(world);
  };

const declared = (settings: MappingSettings, shards = 1): Declared => ({
  buckets: { failed: [] },
  queues: ["failed"],
  streams: { orders: shards },
  mappings: { orders: settings },
});

/** Puts records in one call, all of one key unless they have one of their own. */
async function put(world: World, records: readonly (Order | string)[], shard?: string): Promise<void> {
  const Records = records.map((record) => ({
    Data: Buffer.from(typeof record === "string" ? record : JSON.stringify({ ...record, id: randomUUID() })),
    PartitionKey: typeof record === "object" && typeof record.key === "string" ? record.key : "key",
    ...(shard !== undefined && { ExplicitHashKey: shard }),
  }));
  await world.clients.kinesis.send(new PutRecordsCommand({ StreamName: world.name("orders"), Records }));
}

/** Names in the batches that the function was given so far. */
async function batchesOf(world: World): Promise<string[][]> {
  return (await world.events()).map((event: Event) =>
    event.Records.map(
      ({ kinesis }: Event) => JSON.parse(Buffer.from(kinesis.data, "base64").toString()).name,
    ),
  );
}

/** Names in the order in which the function was given them. */
const namesOf = async (world: World) => (await batchesOf(world)).flat();

/** Waits for so many names, and a little longer, lest there are more. */
async function namesAfter(world: World, count: number, seconds = 8): Promise<string[]> {
  await world.pass(seconds, { until: async () => (await namesOf(world)).length >= count });
  await world.pass(1);
  return await namesOf(world);
}

/** Invocation records in the on-failure bucket, with their keys. */
async function objectsIn(world: World): Promise<{ key: string; record: Event }[]> {
  const { s3 } = world.clients;
  const Bucket = world.name("failed");
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return await Promise.all(
    Contents.map(async ({ Key = "" }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { key: Key, record: JSON.parse((await Body?.transformToString()) ?? "") };
    }),
  );
}

const untilKept = (world: World, seconds = 8) =>
  world.pass(seconds, { until: async () => (await objectsIn(world)).length > 0 });

/** At the limit the setting is taken, one past it not. */
const limit =
  (at: MappingSettings, past: MappingSettings) =>
  async (place: Place): Promise<void> => {
    expect(await place.refusal(declared(at)), "at the limit").to.equal(undefined);
    expect(await place.refusal(declared(past)), "one past it").to.be.a("string");
  };

const MAXIMA: readonly (readonly [setting: string, maximum: number])[] = [
  ["BatchSize", LIMITS.batchSize],
  ["MaximumBatchingWindowInSeconds", LIMITS.batchingWindowSeconds],
  ["ParallelizationFactor", LIMITS.parallelizationFactor],
  ["MaximumRetryAttempts", LIMITS.retryAttempts],
  ["MaximumRecordAgeInSeconds", LIMITS.recordAgeSeconds],
];

export const MAPPING = linesOf("Event-source mapping", [
  [
    "A batch has BatchSize records at most, in the order of the shard",
    PARAMETERS,
    onMapping({ BatchSize: 2 }, async (world) => {
      await put(world, orders("a", "b", "c", "d", "e"));
      expect(await namesAfter(world, 5), "records").to.deep.equal(["a", "b", "c", "d", "e"]);
      const sizes = (await batchesOf(world)).map(({ length }) => length);
      expect(Math.max(...sizes), "largest batch").to.equal(2);
    }),
  ],
  [
    "A batch that is not full waits for MaximumBatchingWindowInSeconds",
    PARAMETERS,
    onMapping({ BatchSize: 10, MaximumBatchingWindowInSeconds: 5 }, async (world) => {
      await world.pass(12, {
        at: [
          [0, () => put(world, orders("a"))],
          [2.5, () => put(world, orders("b"))],
        ],
        until: async () => (await namesOf(world)).length >= 2,
      });
      expect(await batchesOf(world), "batches").to.deep.equal([["a", "b"]]);
    }),
  ],
  [
    "A batch that fails is retried, and holds back what is behind it in its shard",
    POLLING,
    onMapping({ BatchSize: 1 }, async (world) => {
      await put(world, [order("a", { fails: 2 }), order("b")]);
      expect(await namesAfter(world, 4), "records").to.deep.equal(["a", "a", "a", "b"]);
    }),
  ],
  [
    "Shards are worked on side by side: one that fails does not hold back another",
    POLLING,
    onMapping(
      { BatchSize: 1, MaximumRetryAttempts: 5 },
      async (world) => {
        await put(world, [poison()], FIRST);
        await world.pass(0.5, { at: [[0.2, () => put(world, orders("other"), SECOND)]] });
        await world.pass(8, { until: async () => (await namesOf(world)).length >= 4 });
        const names = await namesOf(world);
        expect(names, "records").to.include("other");
        expect(names.indexOf("other"), "place of the other").to.be.below(3);
      },
      2,
    ),
  ],
  [
    "ParallelizationFactor: a partition key that fails does not hold back the shard's other keys",
    PARAMETERS,
    onMapping({ BatchSize: 1, ParallelizationFactor: 10, MaximumRetryAttempts: 5 }, async (world) => {
      const others = Array.from({ length: 12 }, (_, index) => order(`other ${index}`, { key: `k${index}` }));
      await put(world, [poison(), ...others]);
      await world.pass(8, { until: async () => (await namesOf(world)).length >= 14 });
      const names = await namesOf(world);
      const last = names.lastIndexOf("poison");
      expect(names.slice(0, last).filter((name) => name !== "poison").length, "others meanwhile").to.be.above(
        5,
      );
    }),
  ],
  [
    "MaximumRetryAttempts: after so many retries the batch is given up, and the next one comes",
    RETRIES,
    onMapping({ BatchSize: 1, MaximumRetryAttempts: 2 }, async (world) => {
      await put(world, [poison(), order("next")]);
      expect(await namesAfter(world, 4), "records").to.deep.equal(["poison", "poison", "poison", "next"]);
    }),
  ],
  [
    "On-failure destination S3: the object has the record's metadata, and the event as payload",
    RETRIES,
    onMapping({ MaximumRetryAttempts: 0, onFailure: { bucket: "failed" } }, async (world) => {
      await put(world, [poison()]);
      await untilKept(world);
      const kept = await objectsIn(world);
      expect(kept, "objects").to.have.length(1);
      const [{ key, record } = { key: "", record: {} }] = kept;
      expect(key, "key").to.match(
        /^aws\/lambda\/[\w-]+\/shardId-0+\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[\w-]+$/,
      );
      expect(record.requestContext.condition, "condition").to.equal("RetryAttemptsExhausted");
      expect(record.KinesisBatchInfo, "batch").to.include({ shardId: "shardId-000000000000", batchSize: 1 });
      const [event] = JSON.parse(record.payload).Records;
      expect(JSON.parse(Buffer.from(event.kinesis.data, "base64").toString()).name, "payload").to.equal(
        "poison",
      );
    }),
  ],
  [
    "On-failure destination SQS: the message has the metadata, without the event",
    RETRIES,
    onMapping({ MaximumRetryAttempts: 0, onFailure: { queue: "failed" } }, async (world) => {
      await put(world, [poison()]);
      const received: Event[] = [];
      await world.pass(8, {
        until: async () => {
          received.push(...(await messagesIn(world)));
          return received.length > 0;
        },
      });
      received.push(...(await messagesIn(world)));
      expect(received, "messages").to.have.length(1);
      expect(received[0].requestContext.condition, "condition").to.equal("RetryAttemptsExhausted");
      expect(received[0].KinesisBatchInfo, "batch").to.include({ batchSize: 1 });
      expect(received[0], "message").not.to.have.property("payload");
    }),
  ],
  [
    "MaximumRecordAgeInSeconds: a record that is older is given up",
    RETRIES,
    onMapping(
      { BatchSize: 1, MaximumRecordAgeInSeconds: 60, onFailure: { bucket: "failed" } },
      async (world) => {
        await put(world, [poison(), order("next")]);
        await untilKept(world, 75);
        const [first] = await objectsIn(world);
        expect(first?.record.requestContext.condition, "condition").to.equal("RecordAgeExceeded");
      },
    ),
  ],
  [
    "BisectBatchOnFunctionError: the batch is split until the record that fails is alone",
    RETRIES,
    onMapping(
      {
        BatchSize: 4,
        MaximumBatchingWindowInSeconds: 1,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 0,
        onFailure: { bucket: "failed" },
      },
      async (world) => {
        await put(world, [...orders("a", "b"), poison(), order("d")]);
        await world.pass(10, { until: async () => (await objectsIn(world)).length > 0 });
        await world.pass(1);
        const kept = await objectsIn(world);
        expect(
          kept.map(({ record }) => record.KinesisBatchInfo.batchSize),
          "sizes given up",
        ).to.deep.equal([1]);
        const done = (await batchesOf(world)).filter((names) => !names.includes("poison")).flat();
        expect(done, "done without it").to.deep.equal(["a", "b", "d"]);
      },
    ),
  ],
  [
    "ReportBatchItemFailures: the batch is taken up again from the first record that is named",
    PARTIAL,
    onMapping({ BatchSize: 3, FunctionResponseTypes: ["ReportBatchItemFailures"] }, async (world) => {
      await put(world, [order("a"), order("b", { fails: 1, how: "report" }), order("c")]);
      await namesAfter(world, 5);
      expect(await batchesOf(world), "batches").to.deep.equal([
        ["a", "b", "c"],
        ["b", "c"],
      ]);
    }),
  ],
  [
    "Without ReportBatchItemFailures the answer does not count",
    PARTIAL,
    onMapping({ BatchSize: 3 }, async (world) => {
      await put(world, [order("a", { fails: 1, how: "report" }), order("b")]);
      expect(await namesAfter(world, 2, 4), "records").to.deep.equal(["a", "b"]);
    }),
  ],
  [
    "FilterCriteria: what no pattern matches, and what is not JSON, is left out",
    FILTERS,
    onMapping(
      {
        FilterCriteria: {
          Filters: [
            { Pattern: JSON.stringify({ data: { kind: ["rain"] } }) },
            { Pattern: JSON.stringify({ data: { amount: [{ numeric: [">", 10] }] } }) },
            { Pattern: JSON.stringify({ data: { place: [{ prefix: "porto-" }] } }) },
          ],
        },
      },
      async (world) => {
        await put(world, [
          order("a", { kind: "rain" }),
          order("b", { kind: "wind", amount: 10 }),
          order("c", { amount: 10.5 }),
          "no JSON",
          order("d", { place: "porto-alegre" }),
          order("e", { place: "lisboa" }),
        ]);
        expect(await namesAfter(world, 3), "records").to.deep.equal(["a", "c", "d"]);
      },
    ),
  ],
  [
    "A mapping that is disabled delivers nothing",
    API,
    onMapping({ Enabled: false }, async (world) => {
      await put(world, orders("a"));
      await world.pass(3);
      expect(await world.events(), "events").to.deep.equal([]);
    }),
  ],
  ...MAXIMA.map(
    ([setting, maximum]) =>
      [
        `${setting} is ${maximum.toLocaleString("en")} at most`,
        API,
        limit({ [setting]: maximum }, { [setting]: maximum + 1 }),
      ] as const,
  ),
  [
    `MaximumRecordAgeInSeconds is ${LIMITS.leastRecordAgeSeconds} at least, or -1`,
    API,
    limit(
      { MaximumRecordAgeInSeconds: LIMITS.leastRecordAgeSeconds },
      { MaximumRecordAgeInSeconds: LIMITS.leastRecordAgeSeconds - 1 },
    ),
  ],
]);

async function messagesIn(world: World): Promise<Event[]> {
  const { Messages = [] } = await world.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: world.queueUrl("failed"), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => JSON.parse(Body));
}
