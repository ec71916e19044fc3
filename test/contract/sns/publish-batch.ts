import { expect } from "chai";
import {
  BATCH_ENTRY_ID_LIMIT_CHARACTERS,
  BATCH_LIMIT_ENTRIES,
  MESSAGE_LIMIT_BYTES,
} from "../../../local/sns/limits.ts";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { deliveriesOf, onTopic, publishBatch } from "./topic.ts";

const BATCH = "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html";

const entries = (count: number, size = 1) =>
  Array.from({ length: count }, (_, index) => ({ Id: String(index), Message: "m".repeat(size) }));

export const PUBLISH_BATCH = linesOf("SNS", [
  [
    `PublishBatch takes ${BATCH_LIMIT_ENTRIES} entries and rejects one more`,
    BATCH,
    onTopic(async (world) => {
      const { Successful, Failed = [] } = await publishBatch(world, entries(BATCH_LIMIT_ENTRIES));
      expect([Successful?.length, Failed.length], "answers").to.deep.equal([BATCH_LIMIT_ENTRIES, 0]);
      expect(await answerOf(publishBatch(world, entries(BATCH_LIMIT_ENTRIES + 1))), "one more").to.equal(
        "TooManyEntriesInBatchRequestException",
      );
    }),
  ],
  [
    "PublishBatch takes 256 KiB in all and rejects one byte more",
    BATCH,
    onTopic(async (world) => {
      const half = { Id: "half", Message: "m".repeat(MESSAGE_LIMIT_BYTES / 2) };
      const over = { Id: "over", Message: "m".repeat(MESSAGE_LIMIT_BYTES / 2 + 1) };
      expect(await answerOf(publishBatch(world, [half, { ...half, Id: "other" }])), "256 KiB").to.equal(
        "taken",
      );
      expect(await answerOf(publishBatch(world, [half, over])), "one more").to.equal(
        "BatchRequestTooLongException",
      );
    }),
  ],
  [
    "PublishBatch rejects no entries, two of one Id, and an Id of other characters or more than 80",
    BATCH,
    onTopic(async (world) => {
      const [entry] = entries(1);
      if (entry === undefined) throw new Error("no entry");
      const withId = (Id: string) => answerOf(publishBatch(world, [{ ...entry, Id }]));
      expect(await answerOf(publishBatch(world, [])), "none").to.equal("EmptyBatchRequestException");
      expect(await answerOf(publishBatch(world, [entry, entry])), "one Id").to.equal(
        "BatchEntryIdsNotDistinctException",
      );
      expect(await withId("a b"), "a space").to.equal("InvalidBatchEntryIdException");
      expect(await withId("i".repeat(BATCH_ENTRY_ID_LIMIT_CHARACTERS)), "80").to.equal("taken");
      expect(await withId("i".repeat(BATCH_ENTRY_ID_LIMIT_CHARACTERS + 1)), "81").to.equal(
        "InvalidBatchEntryIdException",
      );
    }),
  ],
  [
    "PublishBatch: a bad entry fails alone, with its Id, a code and SenderFault",
    BATCH,
    onTopic(async (world) => {
      const { Successful = [], Failed = [] } = await publishBatch(world, [
        { Id: "good", Message: "good" },
        { Id: "bad", Message: "bad", MessageAttributes: { level: { DataType: "Word", StringValue: "x" } } },
      ]);
      expect(
        Successful.map(({ Id }) => Id),
        "successful",
      ).to.deep.equal(["good"]);
      expect(
        Failed.map(({ Id, SenderFault }) => [Id, SenderFault]),
        "failed",
      ).to.deep.equal([["bad", true]]);
      expect(
        (await deliveriesOf(world, 1)).map(({ Message }) => Message),
        "delivered",
      ).to.deep.equal(["good"]);
    }),
  ],
]);
