import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Graph, Resource } from "../../local/graph.ts";
import { type ProviderClient, startProvider } from "../engines/pulumi/provider-client.ts";
import { label } from "./loader/difference.ts";
import { graphOf } from "./loader/graphs.ts";

/** How Pulumi's engine marks what is no plain object. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Types of the program, each with all that it can have. */
const overrides = {
  "stormwire:webhooks": {
    siren: { url: "https://hooks.example.org/siren", secret: `whsec_${"A".repeat(32)}` },
  },
};

describe("inputs of every resource, by the SDK's declarations", function () {
  this.timeout(60_000);
  let graph: Graph;
  let resources: Resource[];
  let provider: ProviderClient;

  before(async () => {
    graph = await graphOf({ stack: "local", overrides });
    resources = graph.resources.filter(({ type }) => type.startsWith("aws:"));
    provider = await startProvider({ AWS_REGION: "sa-east-1" });
  });
  after(() => provider.stop());

  it("are accepted by a provider that takes no others", async () => {
    const answers = await Promise.all(resources.map(({ urn, inputs }) => provider.check(urn, wire(inputs))));

    const refused = answers.flatMap(({ failures }, index) =>
      failures.map(
        ({ property, reason }) => `${label(resources[index] as Resource)}: ${property}: ${reason}`,
      ),
    );
    expect(refused).to.deep.equal([]);
    answers.forEach(({ inputs }, index) => {
      const resource = resources[index] as Resource;
      expect(inputs, label(resource)).to.deep.equal(wire(resource.inputs));
    });
  });

  it("are refused with a property that the type does not have, or one that is misspelt", async () => {
    for (const { urn, inputs, ...resource } of oneOfEachType(resources)) {
      const name = Object.keys(inputs).find((key) => key !== "tags") ?? "tags";
      const { [name]: value, ...rest } = wire(inputs);
      const planted = await provider.check(urn, { ...wire(inputs), planted: "x" });
      const misspelt = await provider.check(urn, { ...rest, [`${name}s`]: value });

      expect(
        planted.failures.map(({ property }) => property),
        label(resource),
      ).to.deep.equal(["planted"]);
      expect(
        misspelt.failures.map(({ property }) => property),
        label(resource),
      ).to.include(`${name}s`);
    }
  });

  const wrong: readonly [string, string, Record<string, unknown>, string, RegExp][] = [
    [
      "a nested property that is misspelt",
      "aws:kinesis/stream:Stream",
      { streamModeDetails: { streamMod: "PROVISIONED", streamMode: "PROVISIONED" } },
      "streamModeDetails.streamMod",
      /StreamStreamModeDetails has no property "streamMod"/,
    ],
    [
      "a nested property that is missing",
      "aws:glue/trigger:Trigger",
      { type: "SCHEDULED", actions: [{}], predicate: {} },
      "predicate.conditions",
      /missing/,
    ],
    [
      "text for a number",
      "aws:kinesis/stream:Stream",
      { retentionPeriod: "24" },
      "retentionPeriod",
      /a string, not a number/,
    ],
    [
      "an object for a list",
      "aws:glue/trigger:Trigger",
      { type: "SCHEDULED", actions: { jobName: "etl" } },
      "actions",
      /not a list/,
    ],
    [
      "a number among tags",
      "aws:sns/topic:Topic",
      { tags: { floor: 7 } },
      "tags.floor",
      /a number, not a string/,
    ],
    [
      "a wrong item of a list",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      { bucket: "lake", rules: [{ id: "raw", status: "Enabled", filter: { prefix: 1 } }] },
      "rules[0].filter.prefix",
      /a number, not a string/,
    ],
    [
      "text for a package",
      "aws:lambda/function:Function",
      { role: "arn:aws:iam::123456789012:role/r", code: "package.zip" },
      "code",
      /not an archive/,
    ],
    [
      "no required property",
      "aws:sns/topicSubscription:TopicSubscription",
      { protocol: "sms", endpoint: "+15550100" },
      "topic",
      /missing/,
    ],
  ];
  for (const [what, type, inputs, property, reason] of wrong) {
    it(`are refused with ${what}`, async () => {
      const { failures } = await provider.check(`urn:pulumi:t::t::${type}::one`, inputs);

      expect(failures.map((failure) => failure.property)).to.deep.equal([property]);
      expect(failures[0]?.reason).to.match(reason);
    });
  }

  it("may be secret, or unknown until an update", async () => {
    const urn = "urn:pulumi:t::t::aws:sns/topicSubscription:TopicSubscription::one";
    const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
    const fitting = { topic: UNKNOWN, protocol: "sms", endpoint: secret("+15550100") };

    expect((await provider.check(urn, fitting)).failures).to.deep.equal([]);
    const { failures } = await provider.check(urn, { ...fitting, endpoint: secret(7) });
    expect(failures.map(({ property }) => property)).to.deep.equal(["endpoint"]);
  });

  it("come back from it with what AWS would compute, on create and on update, and can be deleted", async () => {
    const urn = "urn:pulumi:t::t::stormwire:infra:Part$aws:kinesis/stream:Stream::observations";
    const arn = "arn:aws:kinesis:sa-east-1:123456789012:stream/observations";

    const { id, outputs } = await provider.create(urn, { shardCount: 1 });
    const updated = await provider.update(urn, id, outputs, { shardCount: 2 });
    await provider.delete(urn, id, updated);

    expect(id).to.equal("observations");
    expect(outputs).to.deep.equal({ id, name: "observations", arn, shardCount: 1 });
    expect(updated).to.deep.equal({ id, name: "observations", arn, shardCount: 2 });
  });

  it("replace the resource where AWS cannot change them, and only there", async () => {
    const urn = "urn:pulumi:t::t::aws:sns/topicSubscription:TopicSubscription::one";
    const secret = (value: unknown) => ({ [SIGNATURE]: SECRET, value });
    const inputs = { topic: "arn:t", protocol: "sms", endpoint: secret("+15550100"), filterPolicy: "{}" };
    const { id, outputs } = await provider.create(urn, inputs);

    expect(await provider.diff(urn, id, outputs, inputs)).to.deep.equal([]);
    expect(await provider.diff(urn, id, outputs, { ...inputs, filterPolicy: "{1}" })).to.deep.equal([]);
    const moved = { ...inputs, endpoint: secret("+15550101"), filterPolicy: "{1}" };
    expect(await provider.diff(urn, id, outputs, moved)).to.deep.equal(["endpoint"]);
    const query = "urn:pulumi:t::t::aws:athena/namedQuery:NamedQuery::one";
    const saved = await provider.create(query, { database: "d", query: "SELECT 1", description: "One" });
    expect(
      await provider.diff(query, saved.id, saved.outputs, { database: "d", query: "SELECT 1" }),
      "an input that is gone",
    ).to.deep.equal(["description"]);
  });

  it("keep the ARN of a resource that goes on under another URN", async () => {
    const urn = (name: string) => `urn:pulumi:t::t::aws:sns/topicSubscription:TopicSubscription::${name}`;
    const inputs = { topic: "arn:t", protocol: "sms", endpoint: "+15550100", filterPolicy: "{}" };
    const { id, outputs } = await provider.create(urn("duty-sms"), inputs);

    const updated = await provider.update(urn("officer-sms"), id, outputs, {
      ...inputs,
      filterPolicy: "{1}",
    });

    expect(updated).to.deep.equal({ ...outputs, filterPolicy: "{1}" });
  });

  it("are refused by SNS for an endpoint that another subscription has, across processes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stormwire-provider-"));
    const environment = { STAND_IN_SUBSCRIPTIONS: join(folder, "subscriptions.json") };
    const urn = (name: string) => `urn:pulumi:t::t::aws:sns/topicSubscription:TopicSubscription::${name}`;
    const duty = {
      topic: "arn:t",
      protocol: "sms",
      endpoint: "+15550100",
      filterPolicy: '{"audience":["duty"]}',
    };
    const officer = { ...duty, filterPolicy: '{"audience":["officer"]}' };
    const providers = [await startProvider(environment), await startProvider(environment)] as const;
    try {
      const [first, second] = providers;
      const { id, outputs } = await first.create(urn("duty-sms"), duty);

      expect(await refusalOf(second.create(urn("officer-sms"), officer))).to.match(
        /Subscription already exists with different attributes/,
      );
      expect(await refusalOf(second.create(urn("same-sms"), duty)), "SNS gives the same").to.equal(
        "it was answered",
      );
      expect(await refusalOf(second.create(urn("x-sms"), { ...officer, topic: "arn:u" }))).to.equal(
        "it was answered",
      );
      await second.update(urn("officer-sms"), id, outputs, officer);
      expect(await refusalOf(first.create(urn("duty-sms"), duty))).to.match(/different attributes/);
      await first.delete(urn("officer-sms"), id, officer);
      expect(await refusalOf(second.create(urn("duty-sms"), duty))).to.equal("it was answered");
    } finally {
      await Promise.all(providers.map((one) => one.stop()));
      await rm(folder, { recursive: true });
    }
  });

  it("follow from where the stack is, which it answers", async () => {
    expect(await provider.invoke("aws:index/getRegion:getRegion", {})).to.include({ region: "sa-east-1" });
    expect(await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).to.include({
      accountId: "123456789012",
    });
    expect(await provider.invoke("aws:index/getPartition:getPartition", {})).to.include({ partition: "aws" });
    expect(await refusalOf(provider.invoke("aws:ec2/getAmi:getAmi", {}))).to.match(
      /cannot answer aws:ec2\/getAmi:getAmi/,
    );
  });
});

async function refusalOf(answer: Promise<unknown>): Promise<string> {
  return answer.then(
    () => "it was answered",
    (error: Error) => error.message,
  );
}

function oneOfEachType(resources: readonly Resource[]): Resource[] {
  return Object.values(Object.groupBy(resources, ({ type }) => type)).flatMap((same) => same?.[0] ?? []);
}

/** Inputs of the recorded graph as the engine would send them. */
function wire(inputs: Resource["inputs"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, signed(name, value)]));
}

function signed(name: string, value: unknown): unknown {
  if (name === "code") return { [SIGNATURE]: ARCHIVE, path: (value as { directory: string }).directory };
  if (name === "source" && typeof value === "object") return { [SIGNATURE]: ASSET, ...value };
  return value;
}
