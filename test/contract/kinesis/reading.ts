import { expect } from "chai";
import { LIMITS } from "../../../local/kinesis/input.ts";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { onStream, type Position } from "./stream.ts";

const ITERATOR = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html";
const GET_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html";

export const READING = linesOf("Kinesis", [
  [
    "Iterator TRIM_HORIZON begins with the oldest record",
    ITERATOR,
    onStream(1, async (_, { put, iterator, read }) => {
      for (const text of ["a", "b"]) await put(text);
      expect(await read(await iterator({ ShardIteratorType: "TRIM_HORIZON" }), 2), "read").to.deep.equal([
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
      expect(await read(latest, 1), "read").to.deep.equal(["after"]);
    }),
  ],
  [
    "Iterators AT_ and AFTER_SEQUENCE_NUMBER begin with that record and behind it",
    ITERATOR,
    onStream(1, async (_, { put, iterator, read }) => {
      await put("a");
      const { SequenceNumber: StartingSequenceNumber } = await put("b");
      await put("c");
      const from = async (ShardIteratorType: Position["ShardIteratorType"], count: number) =>
        read(await iterator({ ShardIteratorType, StartingSequenceNumber }), count);

      expect(await from("AT_SEQUENCE_NUMBER", 2), "at").to.deep.equal(["b", "c"]);
      expect(await from("AFTER_SEQUENCE_NUMBER", 1), "after").to.deep.equal(["c"]);
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
        await read(await iterator({ ShardIteratorType: "AT_TIMESTAMP", Timestamp }), 1),
        "read",
      ).to.deep.equal(["after"]);
    }),
  ],
  [
    "Limit bounds a page; NextShardIterator goes on behind it, and is there at the tip too",
    GET_RECORDS,
    onStream(1, async (_, { put, iterator, page, read }) => {
      for (const text of ["a", "b", "c"]) await put(text);
      await read(await iterator({ ShardIteratorType: "TRIM_HORIZON" }), 3); // until all three can be read
      const first = await page(await iterator({ ShardIteratorType: "TRIM_HORIZON" }), 2);
      const second = await page(first.NextShardIterator, 2);
      expect([first.Records?.length, second.Records?.length], "records").to.deep.equal([2, 1]);
      expect(second.NextShardIterator, "iterator at the tip").to.be.a("string");
      expect((await page(second.NextShardIterator)).Records, "behind the tip").to.deep.equal([]);
    }),
  ],
  [
    "GetRecords takes a Limit of 10,000 and rejects one more",
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
    "An iterator that is none is rejected",
    GET_RECORDS,
    onStream(1, async (_, { page }) => {
      expect(await answerOf(page("no-iterator")), "answer").to.equal("InvalidArgumentException");
    }),
  ],
]);
