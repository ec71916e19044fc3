import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { consolePages } from "../../infra/console-links.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { isTaggable } from "../engines/pulumi/sdk-inputs.ts";
import { comparable, label } from "./loader/difference.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory, resource } from "./program.ts";
import { failure, good, parse as parseStack } from "./stack-config.ts";

const overrides = { "stormwire:apiKey": "key" };

/** Inputs by which prod may differ from dev, and why; all else is the same but for names and ARNs. */
const MAY_DIFFER: Readonly<Record<string, readonly string[]>> = {
  "aws:cloudwatch/logGroup:LogGroup": ["retentionInDays"],
  "aws:glue/trigger:Trigger": ["schedule"],
  "aws:kms/key:Key": ["deletionWindowInDays"],
  "aws:s3/bucket:Bucket": ["forceDestroy"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["rules"],
};

/** Resources of prod alone, and why: what is protected outlives a mistake, too. */
const OF_PROD_ONLY = ["aws:s3/bucketVersioning:BucketVersioning"];

describe("environments", () => {
  let dev: Graph;
  let prod: Graph;

  before(async () => {
    dev = await graphOf({ stack: "dev", overrides });
    prod = await graphOf({ stack: "prod", overrides });
  });

  describe("dev and prod", () => {
    it("differ by config only, in these inputs and no other", () => {
      const differing: Record<string, string[]> = {};
      for (const { urn, type, inputs } of prod.resources) {
        if (OF_PROD_ONLY.includes(type)) continue;
        const twin = dev.resources.find((candidate) => candidate.urn === urn.replace(":prod::", ":dev::"));
        const [ours, theirs] = [asDev(inputs), asDev(twin?.inputs ?? {})];
        const names = Object.keys({ ...ours, ...theirs }).filter((name) => ours[name] !== theirs[name]);
        if (names.length > 0) differing[type] = names;
      }

      expect(differing).to.deep.equal(MAY_DIFFER);
    });

    it("rebuild gold each day; prod crawls as often, dev once a week", () => {
      const schedules = (graph: Graph) =>
        resourcesOfType(graph, "aws:glue/trigger:Trigger").flatMap(({ name, inputs }) =>
          inputs.schedule === undefined ? [] : [[name, inputs.schedule]],
        );

      expect(schedules(prod)).to.deep.equal([["etl-raw-crawl", "cron(30 0 * * ? *)"]]);
      expect(schedules(dev)).to.deep.equal([
        ["etl-job-alone", "cron(30 0 ? * MON-SAT *)"],
        ["etl-raw-crawl", "cron(30 0 ? * SUN *)"],
      ]);
      const inputs = resource(dev, "aws:glue/trigger:Trigger", "etl-job-alone").inputs;
      expect(inputs).to.deep.include({ type: "SCHEDULED", actions: [{ jobName: "etl" }] });
      expect(inputs, "a workflow has one start trigger").not.to.have.property("workflowName");
    });

    it("keep records a day, which costs no more than the shard; prod logs 90 days, dev a week", () => {
      const days = ({ resources }: Graph) =>
        new Set(resources.flatMap(({ inputs }) => inputs.retentionInDays ?? []));
      const hours = (graph: Graph) =>
        resource(graph, "aws:kinesis/stream:Stream", "observations").inputs.retentionPeriod;

      expect([hours(dev), [...days(dev)]]).to.deep.equal([24, [7]]);
      expect([hours(prod), [...days(prod)]]).to.deep.equal([24, [90]]);
    });

    it("prod protects what no update could bring back, and only dev's bucket goes with all that is in it", () => {
      const protectedOnes = ({ resources }: Graph) => resources.filter((one) => one.protect).map(label);
      const forced = (graph: Graph) => resource(graph, "aws:s3/bucket:Bucket", "lake").inputs.forceDestroy;

      expect(protectedOnes(dev)).to.deep.equal([]);
      expect(protectedOnes(prod).sort()).to.deep.equal([
        "kinesis.Stream observations",
        "kms.Key observations",
        "s3.Bucket lake",
        "sns.Topic alerts",
      ]);
      expect([forced(dev), forced(prod)]).to.deep.equal([true, false]);
    });

    it("prod tells nobody and calls nobody until somebody is named", () => {
      for (const type of ["aws:sns/topicSubscription:TopicSubscription", "aws:scheduler/schedule:Schedule"]) {
        expect(resourcesOfType(prod, type), type).to.deep.equal([]);
      }
      const called = resourcesOfType(prod, "aws:lambda/function:Function").map(({ name }) => name);
      expect(called.filter((name) => name.startsWith("webhook-"))).to.deep.equal([]);
    });

    for (const stack of ["dev", "prod"]) {
      it(`${stack} is refused without an API key`, async () => {
        await expectRefusal(
          graphOf({ stack, overrides: { "stormwire:language": "en" } }),
          /stormwire:apiKey/,
        );
      });

      it(`${stack}'s file holds no secret, person or webhook`, async () => {
        const file = parse(await readFile(join(projectDirectory, `Pulumi.${stack}.yaml`), "utf8"));
        const none = ["apiKey", "subscriptions", "webhooks", "messages", "opsEmail"];

        for (const key of none) expect(file.config).not.to.have.property(`stormwire:${key}`);
      });
    }

    it("a stack that says nothing of it is protected", () => {
      expect(parseStack(good).protect).to.equal(true);
    });
  });

  describe("tags", () => {
    for (const stack of ["dev", "prod", "local"]) {
      it(`say project, environment and cost center on everything taggable of ${stack}`, async () => {
        const { resources } = await graphOf({ stack, overrides });
        const custom = resources.filter(({ type }) => type.startsWith("aws:"));
        const tagged = custom.filter(({ type }) => isTaggable(type));

        expect(tagged.length).to.be.above(40);
        for (const one of tagged) {
          expect(one.inputs.tags, label(one)).to.deep.equal({
            project: "stormwire",
            environment: stack,
            "cost-center": "weather",
          });
        }
        for (const one of custom.filter((candidate) => !tagged.includes(candidate))) {
          expect(one.inputs, label(one)).not.to.have.property("tags");
        }
      });
    }

    it("name the cost center that config says", async () => {
      const { resources } = await graphOf({
        stack: "dev",
        overrides: { ...overrides, "stormwire:costCenter": "Civil defence 7" },
      });
      const centers = resources.flatMap(
        ({ inputs }) => (inputs.tags as Record<string, string>)?.["cost-center"] ?? [],
      );
      expect([...new Set(centers)]).to.deep.equal(["Civil defence 7"]);
    });

    it("take no cost center that AWS would refuse", () => {
      const [problem] = failure({ ...good, costCenter: "a&b" }).problems;

      expect([problem?.path, problem?.found]).to.deep.equal([["costCenter"], "a&b"]);
      expect(parseStack({ ...good, costCenter: "c".repeat(256) }).costCenter).to.have.length(256);
      expect(failure({ ...good, costCenter: "c".repeat(257) }).problems).to.have.length(1);
    });
  });

  describe("outputs", () => {
    it("are what docs/outputs.md lists", async () => {
      const text = await readFile(join(projectDirectory, "docs/outputs.md"), "utf8");
      const listed = [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
      const { consoleLinks, ...rest } = dev.outputs;
      const links = Object.keys(consoleLinks as object).map((name) => `consoleLinks.${name}`);

      expect(listed.sort()).to.deep.equal([...Object.keys(rest), ...links].sort());
    });

    it("name resources that there are", () => {
      const { consoleLinks: _, ...outputs } = prod.outputs;
      const known = new Set(prod.resources.flatMap((one) => [one.outputs.arn, one.outputs.name, one.id]));

      for (const [name, value] of Object.entries(outputs)) expect(known, name).to.include(value);
    });

    it("link to the console in the stack's own region", () => {
      for (const [graph, region] of [
        [dev, "us-east-1"],
        [prod, "sa-east-1"],
      ] as const) {
        for (const [name, link] of Object.entries(graph.outputs.consoleLinks as Record<string, string>)) {
          const url = new URL(link);
          expect([url.hostname, url.searchParams.get("region")], name).to.deep.equal([
            `${region}.console.aws.amazon.com`,
            region,
          ]);
        }
      }
    });

    it("link to the console of China and GovCloud there", () => {
      const targets = {
        bucket: "b",
        stream: "s",
        topicArn: "t",
        workflow: "w",
        workgroup: "g",
        database: "d",
        dashboard: "o",
      };
      const host = (region: string) => new URL(consolePages(region, "/a/b/", targets).logs ?? "").hostname;

      expect(host("cn-north-1")).to.equal("cn-north-1.console.amazonaws.cn");
      expect(host("us-gov-west-1")).to.equal("us-gov-west-1.console.amazonaws-us-gov.com");
      expect(consolePages("us-east-1", "/a/b/", targets).logs).to.match(
        /NameFilter\$3D\$252Fa\$252Fb\$252F$/,
      );
    });
  });
});

/** Inputs as text, as they would be in dev and its region. */
function asDev(inputs: Graph["resources"][number]["inputs"]): Record<string, string> {
  const text = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "(an id)")
      .replaceAll("sa-east-1", "us-east-1")
      .replaceAll(/\bprod\b|(?<=stormwire_)prod(?=_)/g, "dev");
  return Object.fromEntries(Object.entries(comparable(inputs)).map(([name, value]) => [name, text(value)]));
}

async function expectRefusal(graph: Promise<Graph>, message: RegExp): Promise<void> {
  const error = await graph.then(
    () => new Error("it was accepted"),
    (reason: Error) => reason,
  );
  expect(error.message).to.match(message);
}
