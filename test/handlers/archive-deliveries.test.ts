import { gunzipSync } from "node:zlib";
import type { KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import { expect } from "chai";
import fc from "fast-check";
import { ArchiveError, createArchiveHandler } from "../../handlers/archive.ts";
import { createFakeS3, type FakeS3, s3Error } from "./support/fake-s3.ts";
import { kinesisEvent, observed } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre } from "./support/places.ts";

const START_MS = Date.parse("2024-04-30T10:00:00Z");

/** Records of one shard, in its order: event times of four hours in any order, some of them garbage. */
const anyRecords = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 239 }) },
      { weight: 1, arbitrary: fc.constant("garbage") },
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((minutes) => {
    const bodies = minutes.map((minute) =>
      typeof minute === "string"
        ? { body: minute, arrivedAtSeconds: START_MS / 1000 }
        : observed(portoAlegre, new Date(START_MS + minute * 60_000).toISOString(), { temperature: minute }),
    );
    return kinesisEvent(bodies).Records;
  });

/** How the shard's records came: where batches end, which puts S3 refuses, which batches come once more. */
const anyDelivery = fc.record({
  ends: fc.array(fc.nat({ max: 40 }), { maxLength: 8 }),
  refused: fc.infiniteStream(fc.boolean()),
  again: fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 40 })), { maxLength: 4 }),
});
type Delivery = typeof anyDelivery extends fc.Arbitrary<infer Value> ? Value : never;

describe("the archive, however its records are delivered", () => {
  it("keeps the same set of records, and never has two contents for one key", async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, anyDelivery, anyDelivery, async (records, one, other) => {
        const [first, second] = [await deliver(records, one), await deliver(records, other)];
        expect(recordsIn(first)).to.deep.equal(recordsIn(second));
        expect(recordsIn(first)).to.have.lengthOf(records.length);
        for (const [key, body] of first.objects) {
          if (second.objects.has(key)) expect(second.objects.get(key), key).to.deep.equal(body);
        }
      }),
      { numRuns: 80 },
    );
  });

  it("writes the same keys and the same bytes when a batch comes again", async () => {
    await fc.assert(
      fc.asyncProperty(anyRecords, async (records) => {
        const s3 = createFakeS3();
        await archive(s3, records);
        const once = new Map(s3.objects);
        s3.objects.clear();
        await archive(s3, records);
        expect(s3.objects).to.deep.equal(once);
        await archive(s3, records);
        expect(s3.objects).to.deep.equal(once);
      }),
      { numRuns: 30 },
    );
  });
});

/** Delivers as Lambda does: a batch that fails is cut in two, down to one record, which then comes until it is taken. */
async function deliver(records: readonly KinesisStreamRecord[], { ends, refused, again }: Delivery) {
  const s3 = createFakeS3();
  let refusals = 0;
  s3.beforePut = () => {
    // Some are refused, but not for ever.
    if (refusals < 30 && refused.next().value === true) {
      refusals += 1;
      throw s3Error("SlowDown", 503);
    }
  };
  const cuts = [...new Set([0, ...ends.filter((end) => end < records.length), records.length])].sort(
    (a, b) => a - b,
  );
  const batches = cuts.slice(1).map((end, index) => records.slice(cuts[index], end));
  const repeated = again.map(([from, length]) => records.slice(from, from + length + 1));
  for (const batch of [...batches, ...repeated]) await deliverBatch(s3, batch);
  return s3;
}

async function deliverBatch(s3: FakeS3, batch: readonly KinesisStreamRecord[]): Promise<void> {
  try {
    await archive(s3, batch);
  } catch (error) {
    expect(error).to.be.instanceOf(ArchiveError);
    const middle = Math.max(1, Math.ceil(batch.length / 2));
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      if (half.length > 0) await deliverBatch(s3, half);
    }
  }
}

async function archive(s3: FakeS3, batch: readonly KinesisStreamRecord[]) {
  const event: KinesisStreamEvent = { Records: [...batch] };
  return await createArchiveHandler(
    { bucketName: "lake" },
    { s3, log: createFakeLog(), meter: createFakeMeter() },
  )(event);
}

/** Every distinct record in raw or in quarantine: its line without a place, or its bytes. */
function recordsIn({ objects }: FakeS3): string[] {
  const found = [...objects].flatMap(([key, body]) =>
    key.startsWith("raw/")
      ? gunzipSync(body).toString().trimEnd().split("\n")
      : [Buffer.from(body).toString()],
  );
  return [...new Set(found)].sort();
}
