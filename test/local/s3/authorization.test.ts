import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { startEndpoint } from "../../../local/endpoint/endpoint.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import { BUCKET, bucketResource, graphOf, NOW, rejection, resource } from "./support.ts";

const ROLE_ARN = "arn:aws:iam::000000000000:role/reader";
const BUCKET_ARN = `arn:aws:s3:::${BUCKET}`;

const allow = (Action: string, Resource: string) => ({ Effect: "Allow", Action, Resource });
const policyOf = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

/** A client with a role's credentials; the role has these statements, the bucket its own. */
async function openAs(statements: object[], bucketStatements: object[] = []) {
  const graph = graphOf(
    bucketResource,
    resource("aws:s3/bucketPolicy:BucketPolicy", "policy", {
      bucket: BUCKET,
      policy: policyOf(...bucketStatements),
    }),
    resource(
      "aws:iam/role:Role",
      "reader",
      { assumeRolePolicy: policyOf() },
      { arn: ROLE_ARN, name: "reader" },
    ),
    resource("aws:iam/rolePolicy:RolePolicy", "reader", { role: "reader", policy: policyOf(...statements) }),
  );
  const directory = mkdtempSync(join(tmpdir(), "s3-"));
  const authorizer = createAuthorizer(graph);
  const identities = identitiesFromGraph(graph);
  const { service } = await createS3({ graph, directory, now: () => NOW, authorizer });
  const endpoint = await startEndpoint({ services: [service], identities, authorizer });
  const credentials = identities.forRole(ROLE_ARN, "test");
  const client = new S3Client({ endpoint: endpoint.url, region: "us-east-1", credentials, maxAttempts: 1 });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await endpoint.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

const getMissing = new GetObjectCommand({ Bucket: BUCKET, Key: "state/missing.json" });

describe("S3 and IAM", () => {
  it("answers for a missing key with NoSuchKey only where the role may list", async () => {
    const get = allow("s3:GetObject", `${BUCKET_ARN}/state/*`);
    await using reader = await openAs([get]);
    await using lister = await openAs([get, allow("s3:ListBucket", BUCKET_ARN)]);

    const unlisted = await rejection(reader.client.send(getMissing));
    const listed = await rejection(lister.client.send(getMissing));

    expect(unlisted.name).to.equal("AccessDenied");
    expect(unlisted.message).to.contain("s3:ListBucket").and.to.contain("assumed-role/reader/test");
    expect(listed.name).to.equal("NoSuchKey");
  });

  it("applies a condition on the prefix to lists and to a missing key", async () => {
    const below = (prefix: string) => ({
      ...allow("s3:ListBucket", BUCKET_ARN),
      Condition: { StringLike: { "s3:prefix": prefix } },
    });
    const get = allow("s3:GetObject", `${BUCKET_ARN}/*`);
    const list = (Prefix?: string) => new ListObjectsV2Command({ Bucket: BUCKET, Prefix });
    await using reader = await openAs([get, below("state/*")]);

    const missing = await rejection(reader.client.send(getMissing));
    const elsewhere = await rejection(
      reader.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: "gold/missing" })),
    );
    const listed = await reader.client.send(list("state/alerts/"));
    const rejected = [
      await rejection(reader.client.send(list("gold/"))),
      await rejection(reader.client.send(list())),
    ];

    expect([missing.name, elsewhere.name]).to.deep.equal(["NoSuchKey", "AccessDenied"]);
    expect(listed.KeyCount).to.equal(0);
    expect(rejected.map(({ name }) => name)).to.deep.equal(["AccessDenied", "AccessDenied"]);
  });

  it("denies actions that the role's policy does not allow or the bucket's policy denies", async () => {
    const put = (Key: string) => new PutObjectCommand({ Bucket: BUCKET, Key, Body: "x" });
    const forbid = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: `${BUCKET_ARN}/raw/frozen/*`,
    };
    await using writer = await openAs([allow("s3:PutObject", `${BUCKET_ARN}/raw/*`)], [forbid]);

    await writer.client.send(put("raw/a"));
    const other = await rejection(writer.client.send(put("gold/a")));
    const frozen = await rejection(writer.client.send(put("raw/frozen/a")));

    expect([other.name, frozen.name]).to.deep.equal(["AccessDenied", "AccessDenied"]);
    expect(other.message).to.contain(`s3:PutObject on resource: ${BUCKET_ARN}/gold/a`);
    expect(frozen.message).to.contain("explicit deny");
  });
});
