import { GetObjectCommand, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { Event, World } from "../backend.ts";
import { linesOf } from "../line.ts";
import { batchesOf, namesAfter, onMapping, order, orders, poison, put } from "./orders.ts";

const RETRIES = "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html";
const PARTIAL = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html";

/** Invocation records in the on-failure bucket, with their keys. */
async function objectsIn(world: World): Promise<{ key: string; record: Event }[]> {
  const { s3 } = world.clients;
  const Bucket = world.name("failed");
  const objects: { key: string; record: Event }[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
    for (const { Key = "" } of Contents) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      objects.push({ key: Key, record: JSON.parse((await Body?.transformToString()) ?? "") });
    }
  return objects;
}

const untilKept = (world: World, seconds = 8) =>
  world.pass(seconds, { until: async () => (await objectsIn(world)).length > 0 });

async function messagesIn(world: World): Promise<Event[]> {
  const { Messages = [] } = await world.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: world.queueUrl("failed"), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => JSON.parse(Body));
}

export const FAILURES = linesOf("Event-source mapping", [
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
        await world.linger(1);
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
    onMapping(
      { BatchSize: 3, MaximumBatchingWindowInSeconds: 1, FunctionResponseTypes: ["ReportBatchItemFailures"] },
      async (world) => {
        await put(world, [order("a"), order("b", { fails: 1, how: "report" }), order("c")]);
        await namesAfter(world, 5);
        expect(await batchesOf(world), "batches").to.deep.equal([
          ["a", "b", "c"],
          ["b", "c"],
        ]);
      },
    ),
  ],
  [
    "Without ReportBatchItemFailures the answer does not count",
    PARTIAL,
    onMapping({ BatchSize: 3 }, async (world) => {
      await put(world, [order("a", { fails: 1, how: "report" }), order("b")]);
      expect(await namesAfter(world, 2, 4), "records").to.deep.equal(["a", "b"]);
    }),
  ],
]);
