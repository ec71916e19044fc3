import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";
import { resource, statements } from "../program.ts";

describe("resource graph: what keeps data and the key", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  describe("stream", () => {
    it("is provisioned with one shard and encrypted with a key of its own", () => {
      const stream = resource(graph, "aws:kinesis/stream:Stream", "observations");
      const key = resource(graph, "aws:kms/key:Key", "observations");

      expect(stream.inputs).to.deep.include({
        shardCount: 1,
        streamModeDetails: { streamMode: "PROVISIONED" },
        retentionPeriod: 24,
        encryptionType: "KMS",
        kmsKeyId: key.outputs.arn,
      });
      expect(stream.propertyDependencies.kmsKeyId).to.deep.equal([key.urn]);
    });

    it("becomes on-demand by config, and then has no shard count", async () => {
      const onDemand = await graphOf({
        stack: "local",
        overrides: { "stormwire:stream": { mode: "on-demand" } },
      });

      const { inputs } = resource(onDemand, "aws:kinesis/stream:Stream", "observations");

      expect(inputs.streamModeDetails).to.deep.equal({ streamMode: "ON_DEMAND" });
      expect(inputs).not.to.have.property("shardCount");
    });
  });

  describe("bucket", () => {
    it("is encrypted, closed to the public and to plain HTTP", () => {
      const encryption = resource(
        graph,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "lake",
      );
      const block = resource(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "lake");
      const policy = resource(graph, "aws:s3/bucketPolicy:BucketPolicy", "lake");

      expect(encryption.inputs.rules).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      expect(block.inputs).to.deep.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      // Which actions that reaches, test/infra/resource-policies.test.ts tells.
      const [{ Action: _, ...onlyOverTls } = {}, ...others] = statements(policy.inputs.policy);
      expect(others).to.deep.equal([]);
      expect(onlyOverTls).to.deep.equal({
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    });

    it("keeps what was deleted or overwritten for a month where config says protect, and state for a day", async () => {
      const protectedProgram = await graphOf({ stack: "local", overrides: { "stormwire:protect": true } });

      const { inputs } = resource(protectedProgram, "aws:s3/bucketVersioning:BucketVersioning", "lake");
      expect(inputs).to.deep.equal({ bucket: "lake", versioningConfiguration: { status: "Enabled" } });
      const daysOf = (of: Graph) =>
        rulesOf(of).flatMap(({ filter, noncurrentVersionExpiration: old }) =>
          old === undefined ? [] : [[filter.prefix ?? "", old.noncurrentDays]],
        );
      expect(daysOf(protectedProgram)).to.deep.equal([
        ["", 30],
        ["state/", 1],
        ["athena-results/", 1],
      ]);
      expect(rulesOf(protectedProgram).find(({ id }) => id === "old-versions")?.expiration).to.deep.equal({
        expiredObjectDeleteMarker: true,
      });
      expect(resourcesOfType(graph, "aws:s3/bucketVersioning:BucketVersioning")).to.deep.equal([]);
      expect(daysOf(graph)).to.deep.equal([]);
    });

    it("drops the parts of an upload that was not completed within a week, everywhere", () => {
      const aborting = rulesOf(graph).filter((rule) => rule.abortIncompleteMultipartUpload !== undefined);

      expect(
        aborting.map(({ filter, abortIncompleteMultipartUpload: abort }) => [filter, abort]),
      ).to.deep.equal([[{}, { daysAfterInitiation: 7 }]]);
    });

    it("survives a mistake where config says protect", async () => {
      const protectedProgram = await graphOf({ stack: "local", overrides: { "stormwire:protect": true } });

      const bucket = resource(protectedProgram, "aws:s3/bucket:Bucket", "lake");

      expect([bucket.protect, bucket.inputs.forceDestroy]).to.deep.equal([true, false]);
      const open = resource(graph, "aws:s3/bucket:Bucket", "lake");
      expect([open.protect, open.inputs.forceDestroy]).to.deep.equal([false, true]);
    });
  });

  it("keeps the API key in a SecureString, secret in state", () => {
    const parameter = resource(graph, "aws:ssm/parameter:Parameter", "api-key");

    expect(parameter.inputs).to.deep.include({ type: "SecureString", name: "/stormwire/local/api-key" });
    expect(parameter.secrets).to.deep.equal(["value"]);
  });
});

interface LifecycleRule {
  readonly id: string;
  readonly filter: { readonly prefix?: string };
  readonly expiration?: Readonly<Record<string, unknown>>;
  readonly noncurrentVersionExpiration?: { readonly noncurrentDays: number };
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
}

function rulesOf(graph: Graph): readonly LifecycleRule[] {
  const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
  return resource(graph, type, "lake").inputs.rules as LifecycleRule[];
}
