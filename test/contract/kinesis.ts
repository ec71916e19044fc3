import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { LIMITS } from "../../local/kinesis/limits.ts";
import { answerOf } from "./answer.ts";
import { linesOf } from "./line.ts";
import type { Place, World } from "./place.ts";

const CONCEPTS = "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html";
const PUT_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html";
const PUT_RECORD = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html";
const ITERATOR = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html";
const GET_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html";

type Position = Omit<GetShardIteratorCommandInput, "StreamName" | "ShardId">;

/** A line over a stream. */
const onStream =
  (shards: number, check: (world: World, stream: Stream) => Promise<void>) => async (place: Place) => {
    await using world = await place.open({ streams: { orders: shards } });
    await check(world, streamOf(world, world.name("orders")));
  };

type Stream = ReturnType<typeof streamOf>;

function streamOf({ clients: { kinesis } }: World, StreamName: string) {
  const textOf = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();
  return {
    put: (text: string, PartitionKey = "key") =>
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(text) })),
    putBytes: (bytes: number, PartitionKey = "key") =>
      kinesis.send(
        new PutRecordCommand({ StreamName, PartitionKey, Data: new Uint8Array(bytes - PartitionKey.length) }),
      ),
    putAll: (records: readonly (readonly [PartitionKey: string, Data: Uint8Array])[]) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: records.map(([PartitionKey, Data]) => ({ PartitionKey, Data })),
        }),
      ),
    async iterator(position: Position, ShardId = "shardId-000000000000") {
      const { ShardIterator } = await kinesis.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ...position }),
      );
      return ShardIterator;
    },
    page: (ShardIterator: string | undefined, Limit?: number) =>
      kinesis.send(new GetRecordsCommand({ ShardIterator, Limit })),
    /** Every text from an iterator to the tip of the shard. */
    async read(iterator: string | undefined) {
      const texts: string[] = [];
      for (let next = iterator; next !== undefined; ) {
        const page = await kinesis.send(new GetRecordsCommand({ ShardIterator: next }));
        texts.push(...(page.Records ?? []).map(({ Data }) => textOf(Data)));
        next = page.MillisBehindLatest === 0 ? undefined : page.NextShardIterator;
      }
      return texts;
    },
    async shardIds() {
      const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
      return Shards.map(({ ShardId = "" }) => ShardId);
    },
  };
}

const small = (count: number) =>
  Array.from({ length: count }, (_, index) => [`key-${index}`, Buffer.from("data")] as const);

/** Records of one MiB and a rest, so many bytes together. */
function records(totalBytes: number) {
  const [key, whole] = ["key", LIMITS.recordBytes];
  const sizes = Array.from({ length: Math.floor(totalBytes / whole) }, () => whole);
  const rest = totalBytes % whole;
  const all = rest === 0 ? sizes : [...sizes.slice(1), whole - key.length - 10, rest + key.length + 10];
  return all.map((bytes) => [key, new Uint8Array(bytes - key.length)] as const);
}

export const KINESIS = linesOf("Kinesis", [
  [
    "Records of a partition key go to one shard, and are read in the order in which they were put",
    CONCEPTS,
    onStream(4, async (_, { put, shardIds, iterator, read }) => {
      const shardsOfKey = new Map<string, Set<string | undefined>>();
      for (let index = 0; index < 40; index += 1) {
        const key = `key-${index % 8}`;
        const { ShardId } = await put(`${key} ${index}`, key);
        shardsOfKey.set(key, (shardsOfKey.get(key) ?? new Set()).add(ShardId));
      }

      const texts = await Promise.all(
        (await shardIds()).map(async (id) => read(await iterator({ ShardIteratorType: "TRIM_HORIZON" }, id))),
      );

      expect(
        [...shardsOfKey.values()].map(({ size }) => size),
        "shards of a key",
      ).to.deep.equal(Array(8).fill(1));
      expect(texts.filter(({ length }) => length > 0).length, "shards with records").to.be.above(1);
      expect(texts.flat(), "records").to.have.length(40);
      for (const key of shardsOfKey.keys()) {
        const numbers = texts
          .flat()
          .flatMap((text) => (text.startsWith(`${key} `) ? Number(text.split(" ")[1]) : []));
        expect(numbers, key).to.deep.equal([...numbers].sort((a, b) => a - b));
      }
    }),
  ],
  [
    "A partition key's shard is that of its MD5; ExplicitHashKey takes its place",
    CONCEPTS,
    onStream(2, async ({ clients, name }, { put, shardIds }) => {
      const [first, second] = await shardIds();
      const Data = Buffer.from("data");
      const explicit = await clients.kinesis.send(
        new PutRecordCommand({ StreamName: name("orders"), PartitionKey: "b", ExplicitHashKey: "0", Data }),
      );

      // MD5 of "a" is 0cc1…, of "b" is 92eb…
      const shards = [(await put("x", "a")).ShardId, (await put("x", "b")).ShardId, explicit.ShardId];
      expect(shards, "shards").to.deep.equal([first, second, first]);
    }),
  ],
  [
    "Sequence numbers of a shard rise",
    CONCEPTS,
    onStream(1, async (_, { put }) => {
      const numbers: bigint[] = [];
      for (let index = 0; index < 5; index += 1)
        numbers.push(BigInt((await put(String(index))).SequenceNumber ?? 0));
      expect(numbers, "numbers").to.deep.equal([...numbers].sort((a, b) => (a < b ? -1 : 1)));
      expect(new Set(numbers).size, "different").to.equal(5);
    }),
  ],
  [
    "Iterator TRIM_HORIZON begins with the oldest record",
    ITERATOR,
    onStream(1, async (_, { put, iterator, read }) => {
      for (const text of ["a", "b"]) await put(text);
      expect(await read(await iterator({ ShardIteratorType: "TRIM_HORIZON" })), "read").to.deep.equal([
        "a",
        "b",
      ]);
    }),
  ],
  [
    "Iterator LATEST begins with what is put after it was made",
    ITERATOR,
    onStream(1, async (_, { put, iterator, read }) => {
      await put("before");
      const latest = await iterator({ ShardIteratorType: "LATEST" });
      await put("after");
      expect(await read(latest), "read").to.deep.equal(["after"]);
    }),
  ],
  [
    "Iterators AT_ and AFTER_SEQUENCE_NUMBER begin with that record and behind it",
    ITERATOR,
    onStream(1, async (_, { put, iterator, read }) => {
      await put("a");
      const { SequenceNumber: StartingSequenceNumber } = await put("b");
      await put("c");
      const from = async (ShardIteratorType: Position["ShardIteratorType"]) =>
        read(await iterator({ ShardIteratorType, StartingSequenceNumber }));

      expect(await from("AT_SEQUENCE_NUMBER"), "at").to.deep.equal(["b", "c"]);
      expect(await from("AFTER_SEQUENCE_NUMBER"), "after").to.deep.equal(["c"]);
    }),
  ],
  [
    "Iterator AT_TIMESTAMP begins with the first record at or after the time",
    ITERATOR,
    onStream(1, async (world, { put, iterator, read }) => {
      await put("before");
      await world.pass(2);
      const Timestamp = new Date(Math.floor(world.now().getTime() / 1000) * 1000);
      await put("after");
      expect(
        await read(await iterator({ ShardIteratorType: "AT_TIMESTAMP", Timestamp })),
        "read",
      ).to.deep.equal(["after"]);
    }),
  ],
  [
    "Limit bounds a page; NextShardIterator goes on behind it, and is there at the tip too",
    GET_RECORDS,
    onStream(1, async (_, { put, iterator, page }) => {
      for (const text of ["a", "b", "c"]) await put(text);
      const first = await page(await iterator({ ShardIteratorType: "TRIM_HORIZON" }), 2);
      const second = await page(first.NextShardIterator, 2);
      expect([first.Records?.length, second.Records?.length], "records").to.deep.equal([2, 1]);
      expect(second.NextShardIterator, "iterator at the tip").to.be.a("string");
      expect((await page(second.NextShardIterator)).Records, "behind the tip").to.deep.equal([]);
    }),
  ],
  [
    "GetRecords takes a Limit of 10,000 and refuses one more",
    GET_RECORDS,
    onStream(1, async (_, { iterator, page }) => {
      const at = () => iterator({ ShardIteratorType: "TRIM_HORIZON" });
      expect(await answerOf(page(await at(), LIMITS.getRecordsRecords)), "10,000").to.equal("taken");
      expect(await answerOf(page(await at(), LIMITS.getRecordsRecords + 1)), "10,001").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "An iterator that is none is refused",
    GET_RECORDS,
    onStream(1, async (_, { page }) => {
      expect(await answerOf(page("no-iterator")), "answer").to.equal("InvalidArgumentException");
    }),
  ],
  [
    "PutRecords takes 500 records and refuses 501",
    PUT_RECORDS,
    onStream(1, async (_, { putAll }) => {
      expect(await answerOf(putAll(small(LIMITS.putRecordsEntries))), "500").to.equal("taken");
      expect(await answerOf(putAll(small(LIMITS.putRecordsEntries + 1))), "501").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "PutRecords refuses no records",
    PUT_RECORDS,
    onStream(1, async (_, { putAll }) => {
      expect(await answerOf(putAll([])), "answer").to.match(/^(InvalidArgument|Validation)Exception$/);
    }),
  ],
  [
    "PutRecords takes 10 MiB with the partition keys, and refuses one byte more",
    PUT_RECORDS,
    onStream(1, async (_, { putAll }) => {
      expect(await answerOf(putAll(records(LIMITS.putRecordsBytes))), "10 MiB").to.equal("taken");
      expect(await answerOf(putAll(records(LIMITS.putRecordsBytes + 1))), "one more").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "A record has 1 MiB with its partition key, where the stream does not raise it, and not one byte more",
    PUT_RECORD,
    onStream(1, async (_, { putBytes, putAll }) => {
      const tooLarge = ["key", new Uint8Array(LIMITS.recordBytes)] as const;
      expect(await answerOf(putBytes(LIMITS.recordBytes)), "1 MiB").to.equal("taken");
      expect(await answerOf(putBytes(LIMITS.recordBytes + 1)), "PutRecord, one more").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
      expect(await answerOf(putAll([tooLarge])), "PutRecords, more").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "A partition key has 256 characters at most",
    PUT_RECORD,
    onStream(1, async (_, { put }) => {
      const key = (length: number) => "k".repeat(length);
      expect(await answerOf(put("x", key(LIMITS.partitionKeyCharacters))), "256").to.equal("taken");
      expect(await answerOf(put("x", key(LIMITS.partitionKeyCharacters + 1))), "257").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "Records that a shard refuses are answered in their places, with ErrorCode, and the others are stored",
    PUT_RECORDS,
    onStream(1, async (world, { putAll }) => {
      const megabyte = new Uint8Array(1024 * 1024 - 8);
      await world.overload("orders");
      const answer = await putAll([
        ["cold", Buffer.from("data")],
        ["hot", megabyte],
        ["cold", Buffer.from("data")],
        ["hot", megabyte],
      ]);

      const failed = (answer.Records ?? []).filter(({ ErrorCode }) => ErrorCode !== undefined);
      expect(answer.Records, "answers").to.have.length(4);
      expect(failed, "refused records").to.have.length.above(0);
      expect(answer.FailedRecordCount, "count").to.equal(failed.length);
      for (const { ErrorCode, ErrorMessage, SequenceNumber, ShardId } of failed) {
        expect(ErrorCode, "code").to.equal("ProvisionedThroughputExceededException");
        expect(ErrorMessage, "message").to.match(
          /^Rate exceeded for shard shardId-\d{12} in stream .+ under account \d{12}\.$/,
        );
        expect([SequenceNumber, ShardId], "no place").to.deep.equal([undefined, undefined]);
      }
    }),
  ],
  [
    "A stream that is not there is answered with ResourceNotFoundException",
    PUT_RECORD,
    async (place) => {
      await using world = await place.open({});
      const { put } = streamOf(world, "nowhere");
      expect(await answerOf(put("x")), "answer").to.equal("ResourceNotFoundException");
    },
  ],
]);
