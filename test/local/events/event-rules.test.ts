import { expect } from "chai";
import { createVirtualClock } from "../../../local/clock/virtual-clock.ts";
import { AwsError } from "../../../local/endpoint/error.ts";
import { createEventRules, type ServiceEvent } from "../../../local/events/rules.ts";
import type { PublishAs } from "../../../local/events/targets.ts";
import { stateChange } from "../../../local/glue/glue.ts";
import type { Resource } from "../../../local/graph.ts";
import type { Failure } from "../../../local/lambda/failure.ts";
import { createSns } from "../../../local/sns/sns.ts";
import { ACCOUNT, graphOf, REGION, resource } from "../lambda/support.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:operations`;
const RULE = `arn:aws:events:${REGION}:${ACCOUNT}:rule/failed`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1111`;
const PATTERN = { source: ["aws.glue"], detail: { jobName: ["orders"], state: ["FAILED", "TIMEOUT"] } };

const failed: ServiceEvent = {
  source: "aws.glue",
  detailType: "Glue Job State Change",
  detail: { jobName: "orders", state: "FAILED", message: 'column "id" is missing' },
};

describe("EventBridge rules on events", () => {
  const rule = (inputs: Record<string, unknown> = {}) =>
    resource(
      "aws:cloudwatch/eventRule:EventRule",
      "failed",
      { eventPattern: JSON.stringify(PATTERN), ...inputs },
      { arn: RULE },
    );
  const target = (inputs: Record<string, unknown> = {}) =>
    resource("aws:cloudwatch/eventTarget:EventTarget", "failed", { rule: "failed", arn: TOPIC, ...inputs });

  function start(resources: readonly Resource[], publishAs?: PublishAs) {
    const texts: string[] = [];
    const failures: Failure[] = [];
    const rules = createEventRules({
      graph: graphOf(...resources),
      clock: createVirtualClock({ start: new Date("2024-05-01T00:30:00Z") }),
      publishAs: publishAs ?? (async (_caller, _topic, text) => void texts.push(text)),
      onFailure: (failure) => failures.push(failure),
    });
    return { rules, texts, failures };
  }

  it("send matching events in AWS's envelope", async () => {
    const { rules, texts } = start([rule(), target()]);
    await rules.put(failed);
    await rules.put({ ...failed, detail: { ...failed.detail, state: "SUCCEEDED" } });
    await rules.put({ ...failed, detail: { ...failed.detail, jobName: "another" } });

    expect(texts).to.have.lengthOf(1);
    expect(JSON.parse(texts[0] ?? "")).to.deep.include({
      source: "aws.glue",
      "detail-type": "Glue Job State Change",
      account: ACCOUNT,
      region: REGION,
      time: "2024-05-01T00:30:00Z",
      detail: failed.detail,
    });
  });

  it("fill a template with values at paths, as text inside quotes and as JSON outside", async () => {
    const inputPaths = { job: "$.detail.jobName", why: "$.detail.message", nothing: "$.detail.nothing" };
    const quoted = { inputPaths, inputTemplate: '"<job> failed<nothing>, \\"<other>\\""' };
    const value = { inputPaths, inputTemplate: '{"text":"<job> failed","why":<why>}' };
    const { rules, texts } = start([
      rule(),
      target({ inputTransformer: quoted }),
      target({ inputTransformer: value }),
    ]);
    await rules.put(failed);

    expect(texts.map((text) => JSON.parse(text))).to.deep.equal([
      'orders failed, "<other>"',
      { text: "orders failed", why: 'column "id" is missing' },
    ]);
  });

  for (const message of ['column "id" is missing', "Traceback:\n  line 1", "C:\\path"]) {
    it(`send nothing that is not JSON: ${JSON.stringify(message)} within the quotes of a text`, async () => {
      const inputTransformer = { inputPaths: { why: "$.detail.message" }, inputTemplate: '"Failed: <why>"' };
      const { rules, texts, failures } = start([rule(), target({ inputTransformer })]);
      await rules.put({ ...failed, detail: { ...failed.detail, message } });

      expect(texts).to.deep.equal([]);
      expect(failures).to.have.lengthOf(1);
      expect(failures[0]).to.include({ kind: "rejected", source: RULE, functionName: TOPIC, lost: true });
      expect(failures[0]?.message).to.include("is not JSON");
    });
  }

  it("say so when the topic does not let them in", async () => {
    const { rules, failures } = start([rule(), target()], async () => {
      throw new AwsError("AuthorizationError", "not authorized");
    });
    await rules.put(failed);

    expect(failures).to.have.lengthOf(1);
    expect(failures[0]).to.include({ kind: "rejected", source: RULE, functionName: TOPIC, lost: true });
  });

  it("rest when they are disabled", async () => {
    const { rules, texts } = start([rule({ state: "DISABLED" }), target()]);
    await rules.put(failed);

    expect(texts).to.deep.equal([]);
  });

  it("name a target and an operator that are not emulated", () => {
    const machine = target({ arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:orders` });
    expect(() => start([rule(), machine])).to.throw("Event target failed to arn:aws:states");
    const odd = rule({ eventPattern: JSON.stringify({ detail: { state: [{ "anything-but": "FAILED" }] } }) });
    expect(() => start([odd, target()])).to.throw("Rule failed: the filter operator");
  });
});

describe("a topic that a service publishes to", () => {
  const caller = { service: "events.amazonaws.com", sourceArn: RULE };
  const policy = (condition: object, service = "events.amazonaws.com") =>
    resource("aws:sns/topicPolicy:TopicPolicy", "operations", {
      arn: TOPIC,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: service },
          Action: "sns:Publish",
          Resource: TOPIC,
          Condition: condition,
        },
      }),
    });

  async function publish(...policies: Resource[]): Promise<string> {
    const isEncrypted = policies.some(({ type }) => type === "aws:kms/key:Key");
    const encryption = isEncrypted ? { kmsMasterKeyId: KEY } : {};
    const topic = resource("aws:sns/topic:Topic", "operations", encryption, { arn: TOPIC, ...encryption });
    const subscribed = { topic: TOPIC, protocol: "email", endpoint: "ops@example.org" };
    const arn = { arn: `${TOPIC}:1` };
    const subscription = resource("aws:sns/topicSubscription:TopicSubscription", "ops", subscribed, arn);
    const messages: string[] = [];
    const sns = createSns({
      graph: graphOf(topic, subscription, ...policies),
      now: () => new Date("2024-05-01T00:30:00Z"),
      outbox: {
        append: ({ message }: { message: string }) => void messages.push(message),
      } as unknown as Parameters<typeof createSns>[0]["outbox"],
    });
    await sns.publishAs(caller, TOPIC, "A job failed");
    return messages.join();
  }

  it("accepts it when its policy allows it, also without the source ARN that EventBridge omits", async () => {
    expect(await publish(policy({}))).to.equal("A job failed");
    expect(await publish(policy({ StringEqualsIfExists: { "aws:SourceAccount": "999999999999" } }))).to.equal(
      "A job failed",
    );
  });

  it("accepts it with a key only if the key's policy allows EventBridge", async () => {
    const key = (service: string) =>
      resource(
        "aws:kms/key:Key",
        "key",
        {
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: { Service: service },
              Action: ["kms:GenerateDataKey", "kms:Decrypt"],
              Resource: "*",
            },
          }),
        },
        { arn: KEY, keyId: "1111" },
      );

    expect(await publish(policy({}), key("events.amazonaws.com"))).to.equal("A job failed");
    const error = await publish(policy({}), key("s3.amazonaws.com")).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(AwsError).with.property("code", "KMSAccessDenied");
  });

  const rejected: Record<string, Resource[]> = {
    "a topic without a policy": [],
    "a policy that asks for the rule, which EventBridge does not name": [
      policy({ ArnEquals: { "aws:SourceArn": RULE } }),
    ],
    "another service's policy": [policy({}, "s3.amazonaws.com")],
    "a policy that asks for the account, which EventBridge does not name": [
      policy({ StringEquals: { "aws:SourceAccount": ACCOUNT } }),
    ],
  };
  for (const [name, policies] of Object.entries(rejected)) {
    it(`is not let in by ${name}`, async () => {
      const error = await publish(...policies).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(AwsError).with.property("code", "AuthorizationError");
    });
  }
});

describe("events from Glue to EventBridge", () => {
  const run = { id: "jr_1", output: "", startedAt: new Date(0), name: "orders" };

  it("is that a job failed, and why", () => {
    expect(stateChange({ ...run, kind: "job", state: "FAILED", error: "no column" })?.detail).to.deep.equal({
      jobName: "orders",
      severity: "ERROR",
      state: "FAILED",
      jobRunId: "jr_1",
      message: "no column",
    });
  });

  it("is that a crawler failed or not, in another spelling", () => {
    const state = (of: "FAILED" | "SUCCEEDED") =>
      stateChange({ ...run, kind: "crawler", state: of })?.detail.state;
    expect([state("FAILED"), state("SUCCEEDED")]).to.deep.equal(["Failed", "Succeeded"]);
  });

  it("is nothing of a workflow", () => {
    expect(stateChange({ ...run, kind: "workflow", state: "FAILED" })).to.equal(undefined);
  });
});
