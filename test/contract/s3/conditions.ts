import { GetObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { get, inBucket, put } from "./bucket.ts";

const WRITES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html";
const READS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html";

const WRITERS = 20;

export const CONDITIONS = linesOf("S3", [
  [
    "If-None-Match: * writes where nothing is, and rejects where something is",
    WRITES,
    inBucket(async (world, bucket) => {
      const create = (text: string) => answerOf(put(world, bucket, "state", text, { IfNoneMatch: "*" }));

      expect([await create("first"), await create("second")], "answers").to.deep.equal([
        "taken",
        "PreconditionFailed",
      ]);
      expect(await get(world, bucket, "state"), "what is there").to.equal("first");
    }),
  ],
  [
    `Of ${WRITERS} writers with If-None-Match: * at the same time one wins`,
    WRITES,
    inBucket(async (world, bucket) => {
      const answers = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) =>
          answerOf(put(world, bucket, "state", `writer ${writer}`, { IfNoneMatch: "*" })),
        ),
      );

      const winners = answers.flatMap((answer, writer) => (answer === "taken" ? [`writer ${writer}`] : []));
      expect(winners, "winners").to.have.length(1);
      // AWS may tell a loser ConditionalRequestConflict (409) instead, while the winner's write is under way.
      expect(
        answers.filter((answer) => answer !== "taken"),
        "losers",
      ).to.satisfy((losers: string[]) =>
        losers.every((answer) => /^(PreconditionFailed|ConditionalRequestConflict)$/.test(answer)),
      );
      expect(await get(world, bucket, "state"), "what is there").to.equal(winners[0]);
    }),
  ],
  [
    "If-Match writes over the object of that ETag, and rejects another ETag",
    WRITES,
    inBucket(async (world, bucket) => {
      const { ETag } = await put(world, bucket, "state", "first");
      const replace = (text: string) => answerOf(put(world, bucket, "state", text, { IfMatch: ETag }));

      expect([await replace("second"), await replace("third")], "answers").to.deep.equal([
        "taken",
        "PreconditionFailed",
      ]);
      expect(await get(world, bucket, "state"), "what is there").to.equal("second");
    }),
  ],
  [
    `Of ${WRITERS} writers with If-Match at the same time one wins`,
    WRITES,
    inBucket(async (world, bucket) => {
      const { ETag: IfMatch } = await put(world, bucket, "state", "before");
      const answers = await Promise.all(
        Array.from({ length: WRITERS }, (_, writer) =>
          answerOf(put(world, bucket, "state", `writer ${writer}`, { IfMatch })),
        ),
      );

      const winners = answers.flatMap((answer, writer) => (answer === "taken" ? [`writer ${writer}`] : []));
      expect(winners, "winners").to.have.length(1);
      expect(await get(world, bucket, "state"), "what is there").to.equal(winners[0]);
    }),
  ],
  [
    "If-Match rejects where nothing is",
    WRITES,
    inBucket(async (world, bucket) => {
      const IfMatch = '"d41d8cd98f00b204e9800998ecf8427e"';
      expect(await answerOf(put(world, bucket, "state", "text", { IfMatch })), "answer").to.equal(
        "NoSuchKey",
      );
    }),
  ],
  [
    "Conditional reads: If-None-Match answers 304 Not Modified, If-Match 412 Precondition Failed",
    READS,
    inBucket(async (world, bucket) => {
      const { ETag } = await put(world, bucket, "state", "text");
      const read = (conditions: object) =>
        world.clients.s3
          .send(new GetObjectCommand({ Bucket: bucket, Key: "state", ...conditions }))
          .then(({ $metadata }) => $metadata.httpStatusCode)
          .catch(({ $metadata }) => $metadata.httpStatusCode);

      expect(
        [
          await read({ IfNoneMatch: ETag }),
          await read({ IfNoneMatch: '"0"' }),
          await read({ IfMatch: ETag }),
          await read({ IfMatch: '"0"' }),
        ],
        "status codes",
      ).to.deep.equal([304, 200, 200, 412]);
    }),
  ],
]);
