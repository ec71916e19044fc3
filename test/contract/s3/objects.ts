import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { DeleteObjectsCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  DELETE_OBJECTS_LIMIT,
  KEY_LIMIT_BYTES,
  USER_METADATA_LIMIT_BYTES,
} from "../../../local/s3/limits.ts";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { inBucket, put } from "./bucket.ts";

const INTEGRITY =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html";
const KEYS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

function crc32Of(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

export const OBJECTS = linesOf("S3", [
  ...(["CRC32", "SHA256"] as const).map((algorithm) => {
    const sum = algorithm === "CRC32" ? crc32Of : sha256;
    const field = `Checksum${algorithm}` as const;
    return [
      `${algorithm}: the right checksum is kept and given back, a wrong one is rejected`,
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
    "Content-MD5 that does not match is rejected",
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
