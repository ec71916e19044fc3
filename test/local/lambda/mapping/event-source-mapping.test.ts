import { expect } from "chai";
import { REGION, rejection, START } from "../support.ts";
import { at, createPreparation, order, orders, until } from "./bench.ts";
import { STREAM_ARN } from "./fake-kinesis.ts";

describe("event-source mapping", () => {
  const { prepare, stop } = createPreparation();
  afterEach(stop);

  it("gives the function the records in AWS's shape", async () => {
    const handler = "exports.handler = async (event) => console.log(JSON.stringify(event));";
    const bench = await prepare({}, { handler });
    const [sequenceNumber] = bench.kinesis.put([order("a")], { partitionKey: "porto" });

    await bench.clock.run({ speed: "max" });

    const event = JSON.parse((await bench.log("orders")).slice(25));
    expect(event).to.deep.equal({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: "1.0",
            partitionKey: "porto",
            sequenceNumber,
            data: Buffer.from('{"name":"a"}').toString("base64"),
            approximateArrivalTimestamp: START.getTime() / 1000,
          },
          eventSource: "aws:kinesis",
          eventVersion: "1.0",
          eventID: `shardId-000000000000:${sequenceNumber}`,
          eventName: "aws:kinesis:record",
          invokeIdentityArn: "arn:aws:iam::000000000000:role/orders",
          awsRegion: REGION,
          eventSourceARN: STREAM_ARN,
        },
      ],
    });
    expect(bench.mappings.metrics().orders).to.deep.equal({
      read: 1,
      filtered: 0,
      batches: 1,
      retries: 0,
      failed: 0,
      lost: 0,
    });
    expect(
      bench.gateway.calls.find(({ operation }) => operation === "kinesis:GetRecords")?.principal.roleArn,
    ).to.equal("arn:aws:iam::000000000000:role/orders");
  });

  it("reads at once, then once a second, in batches of the batch size", async () => {
    const bench = await prepare({ batchSize: 2 });
    bench.kinesis.put(orders("a", "b", "c", "d", "e"));
    at(bench, 0.3, () => bench.kinesis.put(orders("f")));
    at(bench, 60, () => bench.kinesis.put(orders("g")));

    await bench.clock.run(until(60));

    expect(await bench.batches()).to.deep.equal([
      [0, "a,b"],
      [1, "c,d"],
      [2, "e,f"],
      [60, "g"],
    ]);
    expect(new Set(bench.kinesis.limits)).to.deep.equal(new Set([2]));
  });

  it("waits for the batching window, a full batch ends it, and the last window is flushed after the run", async () => {
    const bench = await prepare({ batchSize: 3, maximumBatchingWindowInSeconds: 60 });
    at(bench, 0, () => bench.kinesis.put(orders("a")));
    at(bench, 30, () => bench.kinesis.put(orders("b")));
    at(bench, 70, () => bench.kinesis.put(orders("c")));
    at(bench, 80, () => bench.kinesis.put(orders("d", "e")));
    at(bench, 100, () => bench.kinesis.put(orders("f")));

    await bench.clock.run(until(100));

    expect(await bench.batches()).to.deep.equal([
      [60, "a,b"],
      [80, "c,d,e"],
      [160, "f"],
    ]);
  });

  it("keeps the order of a partition key in parallel parts of a shard", async () => {
    const bench = await prepare({ parallelizationFactor: 4, batchSize: 2 });
    for (const key of ["p", "q", "r", "s"])
      for (const name of ["1", "2", "3"])
        bench.kinesis.put([order(key + name, { fails: name === "1" ? 1 : 0, throws: true })], {
          partitionKey: key,
        });

    await bench.clock.run({ speed: "max" });

    const last = (await bench.batches()).flatMap(([, names]) => names.split(","));
    for (const key of ["p", "q", "r", "s"]) {
      const done = last.filter((name) => name.startsWith(key)).slice(-3);
      expect(done).to.deep.equal([`${key}1`, `${key}2`, `${key}3`]);
    }
  });

  it("starts at LATEST with records after its start, and filters by content", async () => {
    const bench = await prepare({
      startingPosition: "LATEST",
      filterCriteria: {
        filters: [{ pattern: '{"data":{"name":[{"prefix":"a"}],"price":[{"numeric":[">=",10]}]}}' }],
      },
    });
    at(bench, 5, () =>
      bench.kinesis.put([
        order("a1", { price: 12 }),
        order("a2", { price: 9 }),
        order("b1", { price: 12 }),
        "no JSON",
      ]),
    );

    await bench.clock.run(until(5));

    expect(await bench.batches()).to.deep.equal([[5, "a1"]]);
    expect(bench.mappings.metrics().orders).to.include({ read: 4, filtered: 3, lost: 0 });
  });

  const rejected: [string, Record<string, unknown>, string][] = [
    [
      "a DynamoDB stream",
      { eventSourceArn: "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s" },
      "orders from arn:aws:dynamodb",
    ],
    [
      "a function as destination",
      {
        destinationConfig: {
          onFailure: { destinationArn: "arn:aws:lambda:us-east-1:000000000000:function:f" },
        },
      },
      "on-failure destination arn:aws:lambda",
    ],
    ["a tumbling window", { tumblingWindowInSeconds: 30 }, "orders with a tumbling window"],
    [
      "a filter operator",
      { filterCriteria: { filters: [{ pattern: '{"data":{"a":[{"suffix":"x"}]}}' }] } },
      'the filter operator {"suffix":"x"}',
    ],
    ["a batch size of 0", { batchSize: 0 }, "batchSize"],
  ];
  for (const [what, inputs, message] of rejected)
    it(`names ${what} as not emulated`, async () => {
      expect(await rejection(prepare(inputs)))
        .to.have.property("message")
        .that.includes(message);
    });

  it("leaves a disabled mapping alone", async () => {
    const bench = await prepare({ enabled: false });
    bench.kinesis.put(orders("a"));
    await bench.clock.run({ speed: "max" });
    expect(bench.mappings.metrics()).to.deep.equal({});
  });

  it("starts at a time, and reads no more once it is stopped", async () => {
    const startingPositionTimestamp = new Date(START.getTime() - 1000).toISOString();
    const bench = await prepare({ startingPosition: "AT_TIMESTAMP", startingPositionTimestamp });
    bench.kinesis.put(orders("a"));
    await bench.clock.run({ speed: "max" });
    bench.mappings.stop();
    bench.kinesis.put(orders("b"));
    await bench.clock.run({ speed: "max" });
    expect(await bench.batches()).to.deep.equal([[0, "a"]]);
  });
});
