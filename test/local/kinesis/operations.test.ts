import { expect } from "chai";
import fc from "fast-check";
import { createGateway } from "../../../local/endpoint/gateway.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { createKinesis } from "../../../local/kinesis/kinesis.ts";
import { evenRanges, hashKeyOf, MAX_HASH_KEY } from "../../../local/kinesis/stream.ts";
import { rejection } from "../endpoint/rejection.ts";
import { graphOf, KEY_ARN, NOW, STREAM_ARN, stream } from "../endpoint/support.ts";

const SHARD = "shardId-000000000000";
const HOUR = 3_600_000;

interface Page {
  readonly Records: readonly { Data: Uint8Array; SequenceNumber: string; PartitionKey: string }[];
  readonly NextShardIterator: string;
  readonly MillisBehindLatest: number;
}

/** The stream `orders` behind a gateway, on a clock that the test moves. */
function openStream(inputs: Record<string, unknown> = {}) {
  const graph = graphOf(stream(inputs));
  const clock = { now: NOW };
  const kinesis = createKinesis({ graph, now: () => clock.now });
  const gateway = createGateway({ services: [kinesis.service], authorizer: createAuthorizer(graph) });
  const { operator } = identitiesFromGraph(graph);
  const call = <Output>(operation: string, input: unknown) =>
    gateway.call<Output>(operator, "kinesis", operation, input);
  const put = (text: string, PartitionKey = "a") =>
    call<{ SequenceNumber: string; ShardId: string }>("PutRecord", {
      StreamName: "orders",
      PartitionKey,
      Data: Buffer.from(text),
    });
  const iterator = async (ShardIteratorType: string, more: Record<string, unknown> = {}) => {
    const input = { StreamName: "orders", ShardId: SHARD, ShardIteratorType, ...more };
    return (await call<{ ShardIterator: string }>("GetShardIterator", input)).ShardIterator;
  };
  const get = (ShardIterator: string, Limit?: number) =>
    call<Page>("GetRecords", { ShardIterator, ...(Limit !== undefined && { Limit }) });
  const pass = (milliseconds: number) => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  return { kinesis, call, put, iterator, get, pass, clock };
}

const texts = ({ Records }: Page) => Records.map(({ Data }) => Buffer.from(Data).toString());

describe("Kinesis shard iterators", () => {
  it("begin where each type says", async () => {
    const { put, iterator, get, pass, clock } = openStream();
    await put("one");
    pass(1000);
    const second = clock.now;
    const two = await put("two");
    pass(1000);
    await put("three");
    const at = { StartingSequenceNumber: two.SequenceNumber };
    const read = async (type: string, more = {}) => texts(await get(await iterator(type, more)));

    expect(await read("TRIM_HORIZON")).to.deep.equal(["one", "two", "three"]);
    expect(await read("AT_SEQUENCE_NUMBER", at)).to.deep.equal(["two", "three"]);
    expect(await read("AFTER_SEQUENCE_NUMBER", at)).to.deep.equal(["three"]);
    expect(await read("AT_TIMESTAMP", { Timestamp: second })).to.deep.equal(["two", "three"]);
    expect(await read("AT_TIMESTAMP", { Timestamp: new Date(second.getTime() + 1) })).to.deep.equal([
      "three",
    ]);
    expect(await read("LATEST")).to.deep.equal([]);
  });

  it("go on from where the last page ended, also when it was empty", async () => {
    const { put, iterator, get } = openStream();
    const empty = await get(await iterator("LATEST"));
    await put("one");
    await put("two");
    const first = await get(empty.NextShardIterator, 1);
    const second = await get(first.NextShardIterator);

    expect(texts(first)).to.deep.equal(["one"]);
    expect(first.MillisBehindLatest).to.be.greaterThan(0);
    expect(texts(second)).to.deep.equal(["two"]);
    expect(second.MillisBehindLatest).to.equal(0);
    expect(texts(await get(first.NextShardIterator))).to.deep.equal(["two"]);
  });

  it("reject what AWS rejects", async () => {
    const { put, iterator, get, call, clock } = openStream();
    await put("one");
    const later = new Date(clock.now.getTime() + 1);
    const cases: readonly (readonly [() => Promise<unknown>, string, RegExp])[] = [
      [
        () => iterator("AT_SEQUENCE_NUMBER"),
        "InvalidArgumentException",
        /StartingSequenceNumber is required/,
      ],
      [() => iterator("AT_TIMESTAMP"), "InvalidArgumentException", /Timestamp is required/],
      [() => iterator("AT_TIMESTAMP", { Timestamp: later }), "InvalidArgumentException", /cannot be greater/],
      [
        () => iterator("AT_SEQUENCE_NUMBER", { StartingSequenceNumber: "7" }),
        "InvalidArgumentException",
        /is invalid/,
      ],
      [
        () => iterator("LATEST", { ShardId: "shardId-000000000009" }),
        "ResourceNotFoundException",
        /does not exist/,
      ],
      [() => iterator("SOONEST"), "ValidationException", /'shardIteratorType'/],
      [() => get("nonsense"), "InvalidArgumentException", /Invalid ShardIterator/],
      [
        () => call("DescribeStream", { StreamName: "none" }),
        "ResourceNotFoundException",
        /Stream none under account/,
      ],
      [() => call("DescribeStream", {}), "InvalidArgumentException", /StreamName or StreamARN/],
    ];
    for (const [attempt, name, message] of cases) {
      const error = await rejection(attempt);
      expect(error.name).to.equal(name);
      expect(error.message).to.match(message);
    }
  });
});

describe("Kinesis limits", () => {
  const entry = (bytes: number) => ({ PartitionKey: "a", Data: Buffer.alloc(bytes) });
  const MEBIBYTE = 1024 * 1024;
  const putAll = (Records: readonly unknown[]) =>
    openStream().call("PutRecords", { StreamName: "orders", Records });

  it("accept exactly what is allowed", async () => {
    await putAll(Array.from({ length: 500 }, () => entry(0)));
    await putAll(Array.from({ length: 5 }, () => entry(MEBIBYTE - 1)));
  });

  for (const [title, records, message] of [
    ["no entry", [], /'records'.*greater than or equal to 1/],
    ["501 entries", Array.from({ length: 501 }, () => entry(0)), /'records'.*less than or equal to 500/],
    ["a record of 1 MiB and its key", [entry(MEBIBYTE)], /'records\.1\.member\.data'.*1048576/],
    [
      "10 MiB and one byte",
      [...Array.from({ length: 10 }, () => entry(MEBIBYTE - 1)), entry(0)],
      /10485761 bytes/,
    ],
    [
      "an empty partition key",
      [{ PartitionKey: "", Data: Buffer.of(1) }],
      /'records\.1\.member\.partitionKey'/,
    ],
    [
      "a hash key out of range",
      [{ ...entry(1), ExplicitHashKey: String(MAX_HASH_KEY + 1n) }],
      /explicitHashKey/,
    ],
  ] as const) {
    it(`reject ${title}`, async () => {
      const error = await rejection(() => putAll(records));

      expect(error.name).to.be.oneOf(["ValidationException", "InvalidArgumentException"]);
      expect(error.message).to.match(message);
    });
  }

  it("end a page of GetRecords at 10 MiB", async () => {
    const { call, iterator, get } = openStream();
    for (let request = 0; request < 3; request += 1) {
      const Records = Array.from({ length: 5 }, () => entry(MEBIBYTE - 1));
      await call("PutRecords", { StreamName: "orders", Records });
    }
    const first = await get(await iterator("TRIM_HORIZON"));
    const second = await get(first.NextShardIterator);

    expect(first.Records).to.have.length(10);
    expect(second.Records).to.have.length(5);
  });
});

describe("Kinesis stream", () => {
  it("drops records past the retention period", async () => {
    const { put, iterator, get, pass } = openStream({ retentionPeriod: 24 });
    await put("old");
    pass(HOUR);
    await put("young");
    pass(23 * HOUR);

    expect(texts(await get(await iterator("TRIM_HORIZON")))).to.deep.equal(["old", "young"]);
    pass(1);
    expect(texts(await get(await iterator("TRIM_HORIZON")))).to.deep.equal(["young"]);
  });

  it("passes the shards with new records to listeners until they unsubscribe", async () => {
    const { kinesis, put } = openStream();
    const told: (readonly string[])[] = [];
    const cancel = kinesis.onPut(STREAM_ARN, (shardIds) => void told.push(shardIds));
    await put("one");
    cancel();
    await put("two");

    expect(told).to.deep.equal([[SHARD]]);
  });

  it("does not call listeners for throttled records", async () => {
    const { kinesis, put } = openStream();
    const told: (readonly string[])[] = [];
    kinesis.onPut(STREAM_ARN, (shardIds) => void told.push(shardIds));
    kinesis.throttle(() => true);
    const error = await rejection(() => put("one"));

    expect(error.name).to.equal("ProvisionedThroughputExceededException");
    expect(told).to.deep.equal([]);
  });

  it("continues the numbering of a kept run", async () => {
    const first = openStream();
    const last = await first.put("one");
    const second = openStream();
    second.kinesis.restore(JSON.parse(JSON.stringify(first.kinesis.snapshot())));
    const next = await second.put("two");

    expect(BigInt(next.SequenceNumber)).to.equal(BigInt(last.SequenceNumber) + 1n);
  });

  it("has four shards on demand, and needs a count otherwise", async () => {
    const streamModeDetails = { streamMode: "ON_DEMAND" };
    const { call } = openStream({ shardCount: undefined, streamModeDetails });
    const { Shards } = await call<{ Shards: unknown[] }>("ListShards", { StreamARN: STREAM_ARN });
    const error = await rejection(() => openStream({ shardCount: undefined }));

    expect(Shards).to.have.length(4);
    expect(error.message).to.contain("orders").and.contain("shardCount");
  });

  it("asks nothing of KMS under the key that AWS manages", () => {
    const permissionsUnder = (kmsKeyId: string) =>
      openStream({ encryptionType: "KMS", kmsKeyId }).kinesis.service.operations.PutRecords?.permissions({
        StreamName: "orders",
      });

    expect(permissionsUnder("alias/aws/kinesis")).to.deep.equal([
      { action: "kinesis:PutRecords", resource: STREAM_ARN },
    ]);
    expect(permissionsUnder(KEY_ARN)).to.deep.include({ action: "kms:GenerateDataKey", resource: KEY_ARN });
  });
});

describe("Kinesis hash keys", () => {
  it("are the MD5 of the partition key", () => {
    // MD5("a") of RFC 1321, appendix A.5.
    expect(hashKeyOf("a")).to.equal(0x0cc175b9c0f1b6a831c399e269772661n);
  });

  it("fall into exactly one of any number of ranges", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.string(), (count, partitionKey) => {
        const hashKey = hashKeyOf(partitionKey);
        const ranges = evenRanges(count);
        const owners = ranges.filter(
          ({ startingHashKey, endingHashKey }) => startingHashKey <= hashKey && hashKey <= endingHashKey,
        );
        expect(owners).to.have.length(1);
        expect(ranges[0]?.startingHashKey).to.equal(0n);
        expect(ranges.at(-1)?.endingHashKey).to.equal(MAX_HASH_KEY);
      }),
    );
  });

  it("keep each key's records in order on one shard", async () => {
    const keys = fc.array(fc.constantFrom("a", "b", "c", "ã"), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(keys, async (partitionKeys) => {
        const { put } = openStream({ shardCount: 3 });
        const last = new Map<string, { ShardId: string; SequenceNumber: string }>();
        for (const [index, partitionKey] of partitionKeys.entries()) {
          const answer = await put(String(index), partitionKey);
          const before = last.get(partitionKey);
          expect(answer.ShardId).to.equal(before?.ShardId ?? answer.ShardId);
          expect(answer.SequenceNumber > (before?.SequenceNumber ?? "")).to.equal(true);
          last.set(partitionKey, answer);
        }
      }),
      { numRuns: 30 },
    );
  });
});
