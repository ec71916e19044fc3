import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { linesOf } from "../line.ts";
import { onStream } from "./stream.ts";

const CONCEPTS = "https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html";

export const SHARDS = linesOf("Kinesis", [
  [
    "Records of a partition key go to one shard, and are read in the order in which they were put",
    CONCEPTS,
    onStream(4, async (_, { put, shardIds, iterator, read }) => {
      const shardsOfKey = new Map<string, Set<string | undefined>>();
      const counts = new Map<string | undefined, number>();
      for (let index = 0; index < 40; index += 1) {
        const key = `key-${index % 8}`;
        const { ShardId } = await put(`${key} ${index}`, key);
        shardsOfKey.set(key, (shardsOfKey.get(key) ?? new Set()).add(ShardId));
        counts.set(ShardId, (counts.get(ShardId) ?? 0) + 1);
      }

      const texts = await Promise.all(
        (await shardIds()).map(async (id) =>
          read(await iterator({ ShardIteratorType: "TRIM_HORIZON" }, id), counts.get(id) ?? 0),
        ),
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
]);
