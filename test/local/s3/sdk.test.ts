import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import { BUCKET, bucketResource, graphOf, NOW, openS3, rejection, serve } from "./support.ts";

const KEY = "raw/year=2024/month=04/day=30/hour=11/shardId-000000000000-1-2.ndjson.gz";

async function openClient() {
  const s3 = await openS3();
  const server = await serve(s3.service, graphOf(bucketResource));
  const client = new S3Client(server.config);
  return {
    s3,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
      await s3[Symbol.asyncDispose]();
    },
  };
}

describe("S3 over the AWS SDK", () => {
  it("stores an object as a plain file and returns it with its metadata", async () => {
    await using fixture = await openClient();
    const { client, s3 } = fixture;
    const Body = Buffer.from([0x1f, 0x8b, 0, 1, 2, 255]);

    const put = await client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: KEY,
        Body,
        ContentType: "application/x-ndjson",
        ContentEncoding: "gzip",
        Metadata: { Shard: "0" },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: KEY }));
    const head = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: KEY }));

    expect(readFileSync(join(s3.directory, BUCKET, KEY))).to.deep.equal(Body);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).to.deep.equal(Body);
    expect(put.ChecksumCRC32).to.be.a("string");
    expect(got.ChecksumCRC32).to.equal(put.ChecksumCRC32);
    for (const answer of [got, head]) {
      expect(answer).to.include({
        ETag: put.ETag,
        ContentType: "application/x-ndjson",
        ContentEncoding: "gzip",
        ContentLength: 6,
      });
      expect(answer.Metadata).to.deep.equal({ shard: "0" });
      expect(answer.LastModified).to.deep.equal(new Date("2024-04-30T11:00:05Z"));
    }
  });

  it("reads a body framed as aws-chunked with a trailing checksum", async () => {
    await using fixture = await openClient();
    const { client, s3 } = fixture;
    const Body = Readable.from([Buffer.alloc(100_000, "x"), Buffer.alloc(100_000, "y")]);

    await client.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: "big.txt",
        Body,
        ContentLength: 200_000,
        ContentEncoding: "br",
      }),
    );

    const entry = s3.buckets.get(BUCKET)?.objects.get("big.txt");
    expect(entry).to.include({ sizeBytes: 200_000, contentEncoding: "br" });
    expect(entry?.checksum?.algorithm).to.equal("CRC32");
  });

  it("answers errors with the names of the SDK", async () => {
    await using fixture = await openClient();
    const { client } = fixture;
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "state.json", Body: "{}" }));

    const missing = await rejection(client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "none" })));
    const missingHead = await rejection(client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "none" })));
    const noBucket = await rejection(client.send(new GetObjectCommand({ Bucket: "other", Key: "none" })));
    const taken = await rejection(
      client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "state.json", Body: "{}", IfNoneMatch: "*" })),
    );
    const unknown = await rejection(
      client.send(
        new PutObjectTaggingCommand({ Bucket: BUCKET, Key: "state.json", Tagging: { TagSet: [] } }),
      ),
    );

    expect([missing.name, missingHead.name, noBucket.name]).to.deep.equal([
      "NoSuchKey",
      "NotFound",
      "NoSuchBucket",
    ]);
    expect(taken).to.deep.include({ name: "PreconditionFailed" });
    expect(taken).to.have.nested.property("$metadata.httpStatusCode", 412);
    expect(unknown.message).to.contain("tagging").and.to.contain("not emulated");
  });

  it("reads ranges and conditions", async () => {
    await using fixture = await openClient();
    const { client } = fixture;
    const { ETag } = await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "a.txt", Body: "0123456789" }),
    );

    const part = await client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: "a.txt", Range: "bytes=2-4" }),
    );
    const same = await rejection(
      client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "a.txt", IfNoneMatch: ETag })),
    );

    expect(await part.Body?.transformToString()).to.equal("234");
    expect(part).to.include({ ContentRange: "bytes 2-4/10", ContentLength: 3 });
    expect(same).to.have.nested.property("$metadata.httpStatusCode", 304);
  });

  it("lists page by page, keys of any script included", async () => {
    await using fixture = await openClient();
    const { client } = fixture;
    const keys = ["a/1 & <2>", "a/ção+%25", "b/é", "c"];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));

    const first = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, MaxKeys: 3 }));
    const rest = await client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, ContinuationToken: first.NextContinuationToken }),
    );
    const folders = await client.send(new ListObjectsV2Command({ Bucket: BUCKET, Delimiter: "/" }));

    expect([...(first.Contents ?? []), ...(rest.Contents ?? [])].map(({ Key }) => Key)).to.deep.equal(keys);
    expect(first).to.include({ IsTruncated: true, KeyCount: 3 });
    expect(rest.IsTruncated).to.equal(false);
    expect(folders.CommonPrefixes).to.deep.equal([{ Prefix: "a/" }, { Prefix: "b/" }]);
    expect(folders.Contents?.[0]).to.deep.include({ Key: "c", Size: 1 });
    expect(folders.Contents?.[0]?.LastModified).to.deep.equal(
      new Date(Math.floor(NOW.getTime() / 1000) * 1000),
    );
  });

  it("copies and deletes", async () => {
    await using fixture = await openClient();
    const { client, s3 } = fixture;
    await client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: "folder/007", Body: "x", Metadata: { a: "b" } }),
    );
    await client.send(
      new CopyObjectCommand({ Bucket: BUCKET, Key: "copy", CopySource: `${BUCKET}/folder/007` }),
    );
    await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: "nothing" }));

    const copied = await client.send(new HeadObjectCommand({ Bucket: BUCKET, Key: "copy" }));
    const deleted = await client.send(
      new DeleteObjectsCommand({
        Bucket: BUCKET,
        Delete: { Objects: [{ Key: "folder/007" }, { Key: "copy" }] },
      }),
    );

    expect(copied.Metadata).to.deep.equal({ a: "b" });
    expect(deleted.Deleted).to.deep.equal([{ Key: "folder/007" }, { Key: "copy" }]);
    expect(existsSync(join(s3.directory, BUCKET, "folder"))).to.equal(false);
  });

  it("answers for the bucket", async () => {
    await using fixture = await openClient();
    const { client } = fixture;

    const head = await client.send(new HeadBucketCommand({ Bucket: BUCKET }));
    const location = await client.send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    const missing = await rejection(client.send(new HeadBucketCommand({ Bucket: "other" })));

    expect(head.BucketRegion).to.equal("us-east-1");
    expect(location.LocationConstraint).to.equal(undefined);
    expect(missing.name).to.equal("NotFound");
  });
});
