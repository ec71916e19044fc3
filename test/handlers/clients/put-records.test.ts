import { expect } from "chai";
import fc from "fast-check";
import { inBatches, type OutgoingRecord, putRecords } from "../../../handlers/clients/put-records.ts";
import { createFakeKinesis, type FakeKinesis } from "../support/fake-kinesis.ts";

const record = (partitionKey: string, bytes = 10): OutgoingRecord => ({
  partitionKey,
  bytes: new Uint8Array(bytes),
});

describe("putting records", () => {
  let kinesis: FakeKinesis;
  let waits: number[];

  beforeEach(() => {
    kinesis = createFakeKinesis();
    waits = [];
  });

  const put = (records: readonly OutgoingRecord[]) =>
    putRecords(records, {
      kinesis,
      streamName: "observations",
      sleep: async (ms) => {
        waits.push(ms);
      },
      random: () => 0.5,
    });

  it("tries only the failed entries again, with growing waits", async () => {
    const refusals = new Map([["b", 2]]);
    kinesis.refuse = ({ PartitionKey = "" }) => {
      const left = refusals.get(PartitionKey) ?? 0;
      refusals.set(PartitionKey, left - 1);
      return left > 0 ? "ProvisionedThroughputExceededException" : undefined;
    };
    expect(await put([record("a"), record("b"), record("c")])).to.deep.equal([]);
    const keys = kinesis.calls.map((entries) => entries.map(({ PartitionKey }) => PartitionKey));
    expect(keys).to.deep.equal([["a", "b", "c"], ["b"], ["b"]]);
    expect(waits).to.deep.equal([100, 200]);
  });

  it("gives up after five tries and says what was left", async () => {
    kinesis.refuse = ({ PartitionKey }) => (PartitionKey === "b" ? "InternalFailure" : undefined);
    const unput = await put([record("a"), record("b")]);
    expect(unput.map(({ record: { partitionKey }, error }) => [partitionKey, error])).to.deep.equal([
      ["b", "InternalFailure: refused"],
    ]);
    expect(kinesis.calls).to.have.lengthOf(5);
  });

  it("does not put what is too large, and puts the rest", async () => {
    const unput = await put([record("a", 1024 * 1024), record("b", 1024 * 1024 - 1)]);
    expect(unput.map(({ error }) => error)).to.deep.equal(["1048577 bytes; allowed are 1048576"]);
    expect(kinesis.accepted.map(({ PartitionKey }) => PartitionKey)).to.deep.equal(["b"]);
  });

  it("keeps every batch within the limits, the order and all records", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1024 * 1024 }), { maxLength: 40 });
    const property = fc.property(sizes, fc.integer({ min: 0, max: 1200 }), (large, small) => {
      // Sizes alone matter: bytes are not made.
      const sized = (byteLength: number) => ({ partitionKey: "", bytes: { byteLength } as Uint8Array });
      const records = [...large.map(sized), ...Array.from({ length: small }, () => sized(1))];
      const batches = inBatches(records);
      expect(batches.flat()).to.deep.equal(records);
      for (const batch of batches) {
        const bytes = batch.reduce((total, { bytes: { byteLength } }) => total + byteLength, 0);
        expect(batch.length).to.be.within(1, 500);
        expect(bytes).to.be.at.most(10 * 1024 * 1024);
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});
