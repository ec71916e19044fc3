import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { DELETE_OBJECTS_LIMIT, KEY_LIMIT_BYTES, USER_METADATA_LIMIT_BYTES } from "../../local/s3/limits.ts";
import { answerOf } from "./answer.ts";
import { linesOf } from "./line.ts";
import type { Place, World } from "./place.ts";

const WRITES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html";
const READS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html";
const LIST = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html";
const INTEGRITY =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html";
const KEYS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";

const WRITERS = 20;

type Check = (world: World, bucket: string) => Promise<void>;

/** A line over a bucket in which these keys are. */
const inBucketOf = (keys: readonly string[], check: Check) => async (place: Place) => {
  await using world = await place.open({ buckets: { lake: keys } });
  await check(world, world.name("lake"));
};
const inBucket = (check: Check) => inBucketOf([], check);

function put(
  { clients }: World,
  Bucket: string,
  Key: string,
  Body: string,
  more: Partial<PutObjectCommandInput> = {},
) {
  return clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
}

async function get({ clients }: World, Bucket: string, Key: string): Promise<string | undefined> {
  const { Body } = await clients.s3.send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
}

const KEYS_1001 = Array.from({ length: 1001 }, (_, index) => `raw/${String(index).padStart(4, "0")}`);

function list({ clients }: World, Bucket: string, options: Partial<ListObjectsV2CommandInput> = {}) {
  return clients.s3.send(new ListObjectsV2Command({ Bucket, ...options }));
}

const keysOf = ({ Contents = [] }: ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

function crc32Of(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

export const S3 = linesOf("S3", [
  [
    "If-None-Match: * writes where nothing is, and refuses where something is",
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
    "If-Match writes over the object of that ETag, and refuses another ETag",
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
    "If-Match refuses where nothing is",
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
  [
    "1000 keys are one page, in the order of UTF-8",
    LIST,
    inBucketOf(KEYS_1001.slice(0, 1000), async (world, bucket) => {
      const page = await list(world, bucket, { MaxKeys: 5000 });

      expect([page.KeyCount, page.IsTruncated], "page").to.deep.equal([1000, false]);
      expect(keysOf(page), "keys").to.deep.equal(KEYS_1001.slice(0, 1000));
    }),
  ],
  [
    "1001 keys are two pages, the second by the continuation token",
    LIST,
    inBucketOf(KEYS_1001, async (world, bucket) => {
      const first = await list(world, bucket);
      const second = await list(world, bucket, { ContinuationToken: first.NextContinuationToken });

      expect([first.KeyCount, first.IsTruncated], "first page").to.deep.equal([1000, true]);
      expect([second.KeyCount, second.IsTruncated], "second page").to.deep.equal([1, false]);
      expect(second.NextContinuationToken, "token of the last page").to.equal(undefined);
      expect([...keysOf(first), ...keysOf(second)], "keys").to.deep.equal(KEYS_1001);
    }),
  ],
  [
    "A delimiter rolls keys up into common prefixes, which count towards a page",
    LIST,
    inBucketOf(["raw/day=1/a", "raw/day=1/b", "raw/day=2/c", "raw/z"], async (world, bucket) => {
      const page = (ContinuationToken?: string) =>
        list(world, bucket, { Prefix: "raw/", Delimiter: "/", MaxKeys: 2, ContinuationToken });
      const first = await page();
      const second = await page(first.NextContinuationToken);

      expect(
        first.CommonPrefixes?.map(({ Prefix }) => Prefix),
        "prefixes",
      ).to.deep.equal(["raw/day=1/", "raw/day=2/"]);
      expect(keysOf(second), "keys").to.deep.equal(["raw/z"]);
    }),
  ],
  ...(["CRC32", "SHA256"] as const).map((algorithm) => {
    const sum = algorithm === "CRC32" ? crc32Of : sha256;
    const field = `Checksum${algorithm}` as const;
    return [
      `${algorithm}: the right checksum is kept and given back, a wrong one is refused`,
      INTEGRITY,
      inBucket(async (world, bucket) => {
        const right = await put(world, bucket, "right", "text", { [field]: sum("text") });
        const wrong = await answerOf(put(world, bucket, "wrong", "text", { [field]: sum("other") }));
        const head = await world.clients.s3.send(
          new HeadObjectCommand({ Bucket: bucket, Key: "right", ChecksumMode: "ENABLED" }),
        );

        expect([right[field], head[field]], "checksums").to.deep.equal([sum("text"), sum("text")]);
        expect(wrong, "answer to a wrong one").to.equal("BadDigest");
      }),
    ] as const;
  }),
  [
    "Content-MD5 that does not match is refused",
    INTEGRITY,
    inBucket(async (world, bucket) => {
      const ContentMD5 = createHash("md5").update("other").digest("base64");
      expect(await answerOf(put(world, bucket, "key", "text", { ContentMD5 })), "answer").to.equal(
        "BadDigest",
      );
    }),
  ],
  [
    `A key has ${KEY_LIMIT_BYTES} bytes at most`,
    KEYS,
    inBucket(async (world, bucket) => {
      // Segments of a length that file systems have, too.
      const key = (bytes: number) =>
        "segment/"
          .repeat(200)
          .slice(0, bytes - 1)
          .concat("k");

      expect(await answerOf(put(world, bucket, key(KEY_LIMIT_BYTES), "x")), "at the limit").to.equal("taken");
      expect(await answerOf(put(world, bucket, key(KEY_LIMIT_BYTES + 1), "x")), "one more").to.equal(
        "KeyTooLongError",
      );
    }),
  ],
  [
    `User metadata has ${USER_METADATA_LIMIT_BYTES} bytes at most`,
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html",
    inBucket(async (world, bucket) => {
      const metadata = (bytes: number) => ({ Metadata: { name: "v".repeat(bytes - "name".length) } });

      expect(
        await answerOf(put(world, bucket, "k", "x", metadata(USER_METADATA_LIMIT_BYTES))),
        "at the limit",
      ).to.equal("taken");
      expect(
        await answerOf(put(world, bucket, "k", "x", metadata(USER_METADATA_LIMIT_BYTES + 1))),
        "one more",
      ).to.equal("MetadataTooLarge");
    }),
  ],
  [
    "DeleteObjects takes 1000 keys, and those that are not there count as deleted",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html",
    inBucket(async (world, bucket) => {
      await put(world, bucket, "0", "text");
      const remove = (count: number) =>
        world.clients.s3.send(
          new DeleteObjectsCommand({
            Bucket: bucket,
            Delete: { Objects: Array.from({ length: count }, (_, index) => ({ Key: String(index) })) },
          }),
        );

      const { Deleted = [], Errors = [] } = await remove(DELETE_OBJECTS_LIMIT);

      expect([Deleted.length, Errors.length], "deleted and not").to.deep.equal([1000, 0]);
      expect(await answerOf(remove(DELETE_OBJECTS_LIMIT + 1)), "one more").to.equal("MalformedXML");
    }),
  ],
]);
