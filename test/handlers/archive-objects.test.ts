import type { KinesisStreamEvent } from "aws-lambda";
import { expect } from "chai";
import { createArchiveHandler } from "../../handlers/archive.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { BatchLane } from "../../local/lambda/mapping/batch-lane.ts";
import { pendingRecord } from "../../local/lambda/mapping/event-records.ts";
import { createFakeS3 } from "./support/fake-s3.ts";
import { weatherRecord } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre } from "./support/places.ts";

const START = new Date("2024-04-30T00:00:00Z");
const SECONDS_OF_DAY = 86_400;

describe("the number of raw objects", () => {
  it("is one a window and one more an hour, on a shard's day", async () => {
    const { objects, batches } = await runDay({
      everySeconds: 20,
      batchingWindowSeconds: 60,
      batchSize: 1000,
    });
    expect(batches).to.be.at.most(SECONDS_OF_DAY / 60);
    // A window that goes over the hour holds two event hours.
    expect(objects).to.be.within(1000, SECONDS_OF_DAY / 60 + 24);
  });

  it("falls with the window", async () => {
    const { objects } = await runDay({ everySeconds: 20, batchingWindowSeconds: 300, batchSize: 1000 });
    expect(objects).to.be.within(240, SECONDS_OF_DAY / 300 + 24);
  });

  it("is bounded by full batches when there are many records", async () => {
    const { objects } = await runDay({ everySeconds: 20, batchingWindowSeconds: 300, batchSize: 5 });
    expect(objects).to.be.within(SECONDS_OF_DAY / 100, SECONDS_OF_DAY / 100 + 24);
  });
});

/** A day of one shard through Lambda's rules for batches and through the archive function. */
async function runDay(options: { everySeconds: number; batchingWindowSeconds: number; batchSize: number }) {
  const { everySeconds, ...batching } = options;
  const s3 = createFakeS3();
  const archive = createArchiveHandler(
    { bucketName: "lake" },
    { s3, log: createFakeLog(), meter: createFakeMeter() },
  );
  const clock = createVirtualClock({ start: START });
  let batches = 0;
  const lane = new BatchLane({
    clock,
    ...batching,
    bisectOnError: true,
    maximumRetryAttempts: 5,
    maximumRecordAgeSeconds: 3600,
    async invoke(records) {
      batches += 1;
      await archive({ Records: records.map(({ eventRecord }) => eventRecord) } as KinesisStreamEvent);
      return { kind: "invoked", firstFailed: records.length, problem: "" };
    },
    onDiscarded: () => Promise.reject(new Error("a batch was given up")),
    onRetry: () => {},
    onCapacity: () => {},
  });
  for (let second = 0; second < SECONDS_OF_DAY; second += everySeconds) {
    const time = new Date(START.getTime() + second * 1000);
    clock.at(time, () => lane.add([recordAt(time, second)]));
  }
  await clock.run({ speed: "max" });
  return { batches, objects: s3.objects.size };
}

function recordAt(time: Date, number: number) {
  const body = weatherRecord(portoAlegre, time.toISOString(), { temperature: 20 });
  return pendingRecord(
    {
      SequenceNumber: String(number),
      ApproximateArrivalTimestamp: time,
      Data: Buffer.from(JSON.stringify(body)),
      PartitionKey: portoAlegre.id,
    },
    { shardId: "shardId-000000000000", streamArn: "arn:aws:kinesis:us-east-1:1:stream/s", roleArn: "" },
  );
}
