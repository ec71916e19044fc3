import { expect } from "chai";
import { AwsError } from "../../../../local/endpoint/error.ts";
import { functionArn, rejection, START } from "../support.ts";
import { createPreparation, order, orders, poison } from "./bench.ts";
import { STREAM_ARN } from "./fake-kinesis.ts";

describe("event-source mapping: failing batches", () => {
  const { prepare, stop } = createPreparation();
  afterEach(stop);

  it("retries from the first record in batchItemFailures, with increasing delays", async () => {
    const bench = await prepare({ functionResponseTypes: ["ReportBatchItemFailures"] });
    bench.kinesis.put([order("a"), order("b", { fails: 2 }), order("c")]);

    await bench.clock.run({ speed: "max" });

    expect(await bench.batches()).to.deep.equal([
      [0, "a,b,c"],
      [1, "b,c"],
      [3, "b,c"],
    ]);
    expect(bench.mappings.metrics().orders).to.include({ batches: 3, retries: 2, lost: 0 });
    expect(bench.failures).to.deep.equal([]);
  });

  it("ignores batchItemFailures without ReportBatchItemFailures", async () => {
    const bench = await prepare();
    bench.kinesis.put([order("a", { fails: 1 })]);

    await bench.clock.run({ speed: "max" });

    expect(await bench.batches()).to.deep.equal([[0, "a"]]);
  });

  it("blocks only the shard whose batch fails", async () => {
    const bench = await prepare({ batchSize: 1 }, { shards: 2 });
    bench.kinesis.put([order("a", { fails: 3, throws: true }), order("b")], { shard: 0 });
    bench.kinesis.put(orders("x", "y"), { shard: 1 });

    await bench.clock.run({ speed: "max" });

    expect(await bench.batches()).to.deep.equal([
      [0, "a"],
      [0, "x"],
      [1, "a"],
      [1, "y"],
      [3, "a"],
      [7, "a"],
      [7, "b"],
    ]);
  });

  it("bisects down to the record that fails, which alone uses the retries up and is kept", async () => {
    const bench = await prepare({
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
      destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::kept" } },
    });
    const numbers = bench.kinesis.put([order("a"), order("b"), poison("c"), order("d")]);

    await bench.clock.run({ speed: "max" });

    expect((await bench.batches()).map(([, names]) => names)).to.deep.equal([
      "a,b,c,d",
      "a,b",
      "c,d",
      "c",
      "c",
      "d",
    ]);
    expect(bench.mappings.metrics().orders).to.include({ failed: 1, lost: 0 });
    expect(bench.failures).to.have.length(1);
    expect(bench.failures[0]).to.include({ kind: "batch", count: 1, lost: false, source: "orders" });
    const [[key, body] = ["", "{}"]] = bench.objects;
    expect(key).to.match(
      /^kept\/aws\/lambda\/11111111-2222-3333-4444-555555555555\/shardId-000000000000\/2024\/04\/30\/2024-04-30T11\.00\.\d\d-[\da-f-]{36}$/,
    );
    const kept = JSON.parse(body);
    expect(kept.requestContext).to.include({
      condition: "RetryAttemptsExhausted",
      functionArn: functionArn("orders"),
    });
    expect(kept.KinesisBatchInfo).to.include({
      shardId: "shardId-000000000000",
      startSequenceNumber: numbers[2],
      endSequenceNumber: numbers[2],
      batchSize: 1,
      streamArn: STREAM_ARN,
    });
    expect(JSON.parse(kept.payload).Records[0].kinesis.sequenceNumber).to.equal(numbers[2]);
  });

  it("discards a batch after the retries; it is lost without a destination or permission to write there", async () => {
    const none = await prepare({ maximumRetryAttempts: 2 });
    none.kinesis.put([poison("a"), order("b")]);
    await none.clock.run({ speed: "max" });
    expect(await none.batches()).to.have.length(3);
    expect(none.mappings.metrics().orders).to.include({ lost: 2, failed: 0 });
    expect(none.failures[0]).to.include({
      lost: true,
      count: 2,
      message: "RetryAttemptsExhausted: Error: order a; not kept: no on-failure destination",
    });

    const destinationConfig = { onFailure: { destinationArn: "arn:aws:s3:::kept" } };
    const rejected = await prepare(
      { maximumRetryAttempts: 0, destinationConfig },
      { denied: "s3:PutObject" },
    );
    rejected.kinesis.put([poison("a")]);
    await rejected.clock.run({ speed: "max" });
    expect(rejected.mappings.metrics().orders).to.include({ lost: 1, failed: 0 });
    expect(rejected.failures[0]?.message).to.include("s3:PutObject");
  });

  it("gives records up by age, and by the stream's retention when nothing else ends the retries", async () => {
    const aged = await prepare({ maximumRecordAgeInSeconds: 60 });
    aged.kinesis.put([poison("a")]);
    await aged.clock.run({ speed: "max" });
    expect((await aged.batches()).map(([seconds]) => seconds)).to.deep.equal([0, 1, 3, 7, 15, 31]);
    expect(aged.failures[0]?.message).to.match(/^RecordAgeExceeded: Error: order a/);

    const endless = await prepare(
      {},
      { handler: 'exports.handler = async () => { throw new Error("no"); };' },
    );
    endless.kinesis.put(orders("a"));
    await endless.clock.run({ speed: "max" });
    expect(endless.mappings.metrics().orders).to.include({ lost: 1 });
    expect(endless.clock.now().getTime() - START.getTime()).to.be.within(24 * 3.6e6, 24.1 * 3.6e6);
  });

  it("waits for a throttled function without using its retries up", async () => {
    const bench = await prepare(
      { maximumRetryAttempts: 0 },
      { function: { reservedConcurrentExecutions: 0 } },
    );
    bench.kinesis.put(orders("a"));
    await bench.clock.run({ speed: "max" });
    expect(bench.failures[0]?.message).to.match(/^RecordAgeExceeded: Rate Exceeded/);
  });

  it("reports a role that may not read, and rejects one that may not describe the stream", async () => {
    const bench = await prepare({}, { denied: "kinesis:GetRecords" });
    bench.kinesis.put(orders("a"));
    await bench.clock.run({ speed: "max" });
    expect(bench.failures).to.have.length(1);
    expect(bench.failures[0]).to.include({ kind: "rejected", source: "orders" });
    expect(bench.failures[0]?.message).to.include("kinesis:GetRecords");

    const rejected = await rejection(prepare({}, { denied: "kinesis:ListShards" }));
    expect(rejected).to.be.instanceOf(AwsError).with.property("message").that.includes("kinesis:ListShards");
  });
});
