import { expect } from "chai";
import { LIMITS } from "../../../local/kinesis/input.ts";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { onStream, streamOf } from "./stream.ts";

const PUT_RECORDS = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html";
const PUT_RECORD = "https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html";

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

export const WRITING = linesOf("Kinesis", [
  [
    "PutRecords takes 500 records and rejects 501",
    PUT_RECORDS,
    onStream(1, async (_, { putAll }) => {
      expect(await answerOf(putAll(small(LIMITS.putRecordsEntries))), "500").to.equal("taken");
      expect(await answerOf(putAll(small(LIMITS.putRecordsEntries + 1))), "501").to.match(
        /^(InvalidArgument|Validation)Exception$/,
      );
    }),
  ],
  [
    "PutRecords rejects no records",
    PUT_RECORDS,
    onStream(1, async (_, { putAll }) => {
      expect(await answerOf(putAll([])), "answer").to.match(/^(InvalidArgument|Validation)Exception$/);
    }),
  ],
  [
    "PutRecords takes 10 MiB with the partition keys, and rejects one byte more",
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
    "Records that a shard rejects are answered in their places, with ErrorCode, and the others are stored",
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
      expect(failed, "rejected records").to.have.length.above(0);
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
    async (backend) => {
      await using world = await backend.open({});
      const { put } = streamOf(world, "nowhere");
      expect(await answerOf(put("x")), "answer").to.equal("ResourceNotFoundException");
    },
  ],
]);
