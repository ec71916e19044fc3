import { expect } from "chai";
import type { Resource } from "../../../local/graph.ts";
import { parseRange } from "../../../local/s3/operations/get-object.ts";
import { unchunk } from "../../../local/s3/rest-decode.ts";
import { BUCKET, bucketResource, graphOf, openS3, rejection, resource } from "./support.ts";

const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/1111";
const OBJECT_ARN = `arn:aws:s3:::${BUCKET}/a`;
const kmsKey = resource("aws:kms/key:Key", "key", {}, { arn: KEY_ARN, keyId: "1111" });
const encryption = (kmsMasterKeyId: string): Resource =>
  resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "sse", {
    bucket: BUCKET,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } }],
  });

describe("S3 operations", () => {
  it("allows exactly one of many concurrent writers with If-Match", async () => {
    await using s3 = await openS3();
    const first = await s3.call("PutObject", { Bucket: BUCKET, Key: "state", Body: "0" });

    const writes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, writer) =>
        s3.call("PutObject", { Bucket: BUCKET, Key: "state", Body: `${writer + 1}`, IfMatch: first.ETag }),
      ),
    );

    const lost = writes.flatMap((write) => (write.status === "rejected" ? [write.reason.name] : []));
    expect(lost).to.deep.equal(Array(19).fill("PreconditionFailed"));
  });

  it("allows exactly one of many concurrent writers to create an object", async () => {
    await using s3 = await openS3();

    const writes = await Promise.allSettled(
      ["a", "b", "c"].map((Body) =>
        s3.call("PutObject", { Bucket: BUCKET, Key: "k", Body, IfNoneMatch: "*" }),
      ),
    );

    expect(writes.filter((write) => write.status === "fulfilled")).to.have.lengthOf(1);
  });

  it("answers If-Match without an object with NoSuchKey", async () => {
    await using s3 = await openS3();

    const error = await rejection(
      s3.call("PutObject", { Bucket: BUCKET, Key: "a", Body: "", IfMatch: '"x"' }),
    );

    expect(error).to.include({ name: "NoSuchKey", statusCode: 404 });
  });

  it("hides from a caller who may not list that a key is missing", async () => {
    await using s3 = await openS3({ mayList: false });
    await s3.call("PutObject", { Bucket: BUCKET, Key: "there", Body: "x" });

    for (const operation of ["GetObject", "HeadObject"]) {
      const error = await rejection(s3.call(operation, { Bucket: BUCKET, Key: "missing" }));
      expect(error).to.include({ name: "AccessDenied", statusCode: 403 });
      expect(error.message).to.contain(`s3:ListBucket on resource: "arn:aws:s3:::${BUCKET}"`);
    }
    expect((await s3.call("GetObject", { Bucket: BUCKET, Key: "there" })).ContentLength).to.equal(1);
  });

  it("asks for the permissions that S3 asks for", async () => {
    await using s3 = await openS3();
    const actions = (operation: string, input: object) =>
      s3
        .permissions(operation, { Bucket: BUCKET, ...input })
        .map(({ action, resource }) => `${action} ${resource}`);

    expect(actions("PutObject", { Key: "a" })).to.deep.equal([`s3:PutObject ${OBJECT_ARN}`]);
    expect(actions("PutObject", { Key: "a", IfMatch: '"x"' })).to.deep.equal([
      `s3:PutObject ${OBJECT_ARN}`,
      `s3:GetObject ${OBJECT_ARN}`,
    ]);
    expect(actions("GetObject", { Key: "a" })).to.deep.equal([`s3:GetObject ${OBJECT_ARN}`]);
    expect(actions("DeleteObject", { Key: "a" })).to.deep.equal([`s3:DeleteObject ${OBJECT_ARN}`]);
    expect(actions("ListObjectsV2", {})).to.deep.equal([`s3:ListBucket arn:aws:s3:::${BUCKET}`]);
  });

  it("asks for the customer key of the bucket, by id as by ARN, and of the object on reading", async () => {
    for (const reference of ["1111", KEY_ARN]) {
      await using s3 = await openS3({ graph: graphOf(bucketResource, kmsKey, encryption(reference)) });
      const input = { Bucket: BUCKET, Key: "a" };

      const put = s3.permissions("PutObject", input);
      const answer = await s3.call("PutObject", { ...input, Body: "x" });

      expect(put.at(-1)).to.deep.equal({ action: "kms:GenerateDataKey", resource: KEY_ARN });
      expect(s3.permissions("GetObject", input).at(-1)).to.deep.equal({
        action: "kms:Decrypt",
        resource: KEY_ARN,
      });
      expect(answer).to.include({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: KEY_ARN });
    }
  });

  it("asks nothing of KMS for the key that AWS manages", async () => {
    await using s3 = await openS3({ graph: graphOf(bucketResource, encryption("alias/aws/s3")) });

    expect(s3.permissions("PutObject", { Bucket: BUCKET, Key: "a" })).to.have.lengthOf(1);
  });

  it("hands out the bucket's policy for the bucket and its objects", async () => {
    const policy = '{"Statement":[]}';
    const graph = graphOf(
      bucketResource,
      resource("aws:s3/bucketPolicy:BucketPolicy", "policy", { bucket: BUCKET, policy }),
    );
    await using s3 = await openS3({ graph });

    const policies = [`arn:aws:s3:::${BUCKET}`, OBJECT_ARN, "arn:aws:s3:::other/a", KEY_ARN].map((arn) =>
      s3.service.resourcePolicy?.(arn),
    );

    expect(policies).to.deep.equal([policy, policy, undefined, undefined]);
  });

  const digests = { ChecksumCRC32: "AAAAAA==", ChecksumSHA256: "AA==", ContentMD5: "AA==" };
  for (const [field, value] of Object.entries(digests)) {
    it(`rejects a body that does not match ${field}`, async () => {
      await using s3 = await openS3();

      const error = await rejection(
        s3.call("PutObject", { Bucket: BUCKET, Key: "a", Body: "x", [field]: value }),
      );

      expect(error.name).to.equal("BadDigest");
      expect(s3.buckets.get(BUCKET)?.objects.get("a")).to.equal(undefined);
    });
  }

  it("rejects an invalid continuation token, and user metadata above 2 KB", async () => {
    await using s3 = await openS3();

    const token = await rejection(s3.call("ListObjectsV2", { Bucket: BUCKET, ContinuationToken: "abc" }));
    const metadata = await rejection(
      s3.call("PutObject", { Bucket: BUCKET, Key: "a", Metadata: { a: "x".repeat(2048) } }),
    );

    expect([token.name, metadata.name]).to.deep.equal(["InvalidArgument", "MetadataTooLarge"]);
  });
});

describe("S3 ranges", () => {
  const cases: [string, { first: number; last: number } | undefined][] = [
    ["bytes=0-0", { first: 0, last: 0 }],
    ["bytes=2-4", { first: 2, last: 4 }],
    ["bytes=7-", { first: 7, last: 9 }],
    ["bytes=-3", { first: 7, last: 9 }],
    ["bytes=-30", { first: 0, last: 9 }],
    ["bytes=5-99", { first: 5, last: 9 }],
    ["bytes=4-2", undefined],
    ["bytes=-", undefined],
    ["bytes=0-1,3-4", undefined],
    ["lines=0-1", undefined],
  ];
  for (const [header, expected] of cases) {
    it(`reads ${header} of ten bytes`, () => {
      expect(parseRange(header, 10)).to.deep.equal(expected);
    });
  }

  it("rejects a range after the end", () => {
    for (const header of ["bytes=10-", "bytes=-0"])
      expect(() => parseRange(header, 10)).to.throw("not satisfiable");
  });
});

describe("aws-chunked", () => {
  it("joins chunks, signed ones too, and reads the trailer", () => {
    const framed = Buffer.from(
      "3;chunk-signature=ab\r\nabc\r\nA\r\n0123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
    );

    const { body, trailers } = unchunk(framed, 13);

    expect(body.toString()).to.equal("abc0123456789");
    expect(trailers).to.deep.equal({ "x-amz-checksum-crc32": "AAAAAA==" });
  });

  const broken = ["", "3\r\nab\r\n0\r\n\r\n", "x\r\n", "3\r\nabc", "3\r\nabc\r\n"];
  for (const framed of broken) {
    it(`rejects ${JSON.stringify(framed)}`, () => {
      expect(() => unchunk(Buffer.from(framed), undefined)).to.throw("terminated unexpectedly");
    });
  }

  it("rejects a size other than the announced one", () => {
    expect(() => unchunk(Buffer.from("3\r\nabc\r\n0\r\n\r\n"), 4)).to.throw(
      "x-amz-decoded-content-length is 4",
    );
  });
});
