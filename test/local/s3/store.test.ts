import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as fc from "fast-check";
import { BUCKET, bucketResource, graphOf, openS3, rejection, resource } from "./support.ts";

const put = (Key: string, Body = Key, rest = {}) => ({ Bucket: BUCKET, Key, Body, ...rest });

describe("S3 store", () => {
  const rejected = [
    "../a",
    "a/../../b",
    "/a",
    "a/",
    "a//b",
    ".",
    "a/./b",
    "a\\b",
    "a\u0000b",
    "a\nb",
    `a/${"x".repeat(256)}`,
  ];
  for (const Key of rejected) {
    it(`names as not emulated the key ${JSON.stringify(Key).slice(0, 40)}`, async () => {
      await using s3 = await openS3();

      const error = await rejection(s3.call("PutObject", put(Key, "x")));

      expect(error.message).to.contain(JSON.stringify(Key)).and.to.contain("not emulated");
      expect(readdirSync(join(s3.directory, BUCKET))).to.deep.equal([]);
    });
  }

  it("rejects a key of more than 1024 bytes as S3 does", async () => {
    await using s3 = await openS3();

    const error = await rejection(s3.call("PutObject", put(`${"ção/".repeat(200)}x`)));

    expect(error.name).to.equal("KeyTooLongError");
  });

  it("rejects an object whose key is a folder of another one, and the reverse", async () => {
    await using s3 = await openS3();
    await s3.call("PutObject", put("a/b/c"));
    await s3.call("PutObject", put("a/b.txt"));

    const above = await rejection(s3.call("PutObject", put("a/b")));
    const below = await rejection(s3.call("PutObject", put("a/b/c/d")));
    await s3.call("DeleteObject", { Bucket: BUCKET, Key: "a/b/c" });
    await s3.call("PutObject", put("a/b", "now free"));

    expect(above.message).to.contain('"a/b" beside "a/b/c"');
    expect(below.message).to.contain('"a/b/c/d" beside "a/b/c"');
    expect(readFileSync(join(s3.directory, BUCKET, "a/b"), "utf8")).to.equal("now free");
  });

  it("finds its objects and their metadata after a restart", async () => {
    await using s3 = await openS3();
    await s3.call(
      "PutObject",
      put("a.json", "{}", { ContentType: "application/json", Metadata: { a: "b" } }),
    );
    const before = await s3.call("HeadObject", { Bucket: BUCKET, Key: "a.json" });

    const later = await openS3({ directory: s3.directory, now: () => new Date("2025-01-01T00:00:00Z") });

    expect(await later.call("HeadObject", { Bucket: BUCKET, Key: "a.json" })).to.deep.equal(before);
  });

  it("reads a file that was changed, or whose metadata is missing, as a new object", async () => {
    await using s3 = await openS3();
    await s3.call("PutObject", put("a.json", "old", { ContentType: "application/json" }));
    await s3.call("PutObject", put("b.json", "kept", { ContentType: "application/json" }));
    writeFileSync(join(s3.directory, BUCKET, "a.json"), "new text");
    rmSync(join(s3.directory, ".metadata", BUCKET, "b.json"));
    mkdirSync(join(s3.directory, BUCKET, "gold"));
    writeFileSync(join(s3.directory, BUCKET, "gold/c"), "by hand");

    const later = await openS3({ directory: s3.directory });
    const list = await later.call("ListObjectsV2", { Bucket: BUCKET });

    expect(list.Contents).to.be.an("array").with.lengthOf(3);
    expect(await later.call("HeadObject", { Bucket: BUCKET, Key: "a.json" })).to.include({
      ContentLength: 8,
      ContentType: "binary/octet-stream",
    });
    expect((await later.call("GetObject", { Bucket: BUCKET, Key: "gold/c" })).Body).to.deep.equal(
      Buffer.from("by hand"),
    );
    await later.call("DeleteObject", { Bucket: BUCKET, Key: "gold/c" });
    expect((await later.call("ListObjectsV2", { Bucket: BUCKET })).Contents).to.have.lengthOf(2);
  });

  it("names the metadata file that it cannot read", async () => {
    await using s3 = await openS3();
    await s3.call("PutObject", put("a.json"));
    const sidecar = join(s3.directory, ".metadata", BUCKET, "a.json");
    writeFileSync(sidecar, "{");

    const error = await rejection(openS3({ directory: s3.directory }));

    expect(error.message).to.contain(sidecar);
  });

  it("uploads the objects of the program and leaves unchanged ones alone", async () => {
    const source = join(import.meta.dirname, "support.ts");
    const type = "aws:s3/bucketObjectv2:BucketObjectv2";
    const graph = graphOf(
      bucketResource,
      resource(type, "file", {
        bucket: BUCKET,
        key: "etl/job.ts",
        source: { path: source },
        contentType: "text/x",
      }),
      resource(type, "text", { bucket: BUCKET, source: { text: "from an asset" } }),
      resource(type, "content", { bucket: BUCKET, key: "c", content: "ç" }),
      resource(type, "base64", { bucket: BUCKET, key: "d", contentBase64: "AP8=" }),
    );
    await using s3 = await openS3({ graph });
    const read = (key: string) => readFileSync(join(s3.directory, BUCKET, key));
    const before = await s3.call("HeadObject", { Bucket: BUCKET, Key: "etl/job.ts" });

    const later = await openS3({
      graph,
      directory: s3.directory,
      now: () => new Date("2025-01-01T00:00:00Z"),
    });

    expect(read("etl/job.ts")).to.deep.equal(readFileSync(source));
    expect([read("text").toString(), read("c").toString(), [...read("d")]]).to.deep.equal([
      "from an asset",
      "ç",
      [0, 255],
    ]);
    expect(await later.call("HeadObject", { Bucket: BUCKET, Key: "etl/job.ts" })).to.deep.equal(before);
  });

  it("names an object whose file is missing", async () => {
    const type = "aws:s3/bucketObject:BucketObject";
    const object = resource(type, "job", {
      bucket: BUCKET,
      key: "job.py",
      source: { path: "/nowhere/job.py" },
    });

    const error = await rejection(openS3({ graph: graphOf(bucketResource, object) }));

    expect(error.message).to.contain("BucketObject::job").and.to.contain("/nowhere/job.py");
  });

  it("lists in the order of UTF-8 bytes, which is not JavaScript's", async () => {
    await using s3 = await openS3();
    for (const key of ["🌧", "Ａ", "b", "B", "a/b", "a.b"]) await s3.call("PutObject", put(key));

    const { Contents } = await s3.call("ListObjectsV2", { Bucket: BUCKET });

    expect((Contents as { Key: string }[]).map(({ Key }) => Key)).to.deep.equal([
      "B",
      "a.b",
      "a/b",
      "b",
      "Ａ",
      "🌧",
    ]);
  });

  it("lists like a plain filter over sorted keys, whatever the page size", async () => {
    const part = fc.constantFrom("a", "b", "é", "Ａ", "🌧", "0");
    const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join("/")}.x`);
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.constantFrom("", "a", "a/", "é/b", "🌧"),
        fc.constantFrom(undefined, "/", "b"),
        fc.integer({ min: 1, max: 5 }),
        async (keys, Prefix, Delimiter, MaxKeys) => {
          await using s3 = await openS3();
          for (const one of keys) await s3.call("PutObject", put(one));

          const listed: string[] = [];
          let ContinuationToken: unknown;
          do {
            const page = await s3.call("ListObjectsV2", {
              Bucket: BUCKET,
              Prefix,
              Delimiter,
              MaxKeys,
              ContinuationToken,
            });
            const contents = page.Contents as { Key: string }[];
            const folders = page.CommonPrefixes as { Prefix: string }[];
            expect(page.KeyCount).to.equal(contents.length + folders.length);
            listed.push(...contents.map((entry) => entry.Key), ...folders.map((folder) => folder.Prefix));
            ContinuationToken = page.NextContinuationToken;
          } while (ContinuationToken !== undefined);

          expect(listed.toSorted()).to.deep.equal(expectedListing(keys, Prefix, Delimiter));
        },
      ),
      { numRuns: 40 },
    );
  });
});

function expectedListing(keys: string[], prefix: string, delimiter: string | undefined): string[] {
  const names = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
      return end < 0 || delimiter === undefined ? key : key.slice(0, end + delimiter.length);
    });
  return [...new Set(names)].toSorted();
}
