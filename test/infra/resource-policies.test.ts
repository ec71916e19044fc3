import { expect } from "chai";
import { EXAMPLE_CONFIG, EXAMPLE_STACK } from "../../cli/iam/example.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { type ConditionContext, conditionsHold } from "../../local/iam/condition.ts";
import { evaluateResource } from "../../local/iam/evaluate.ts";
import { parsePolicy } from "../../local/iam/policy.ts";
import { graphOf } from "./loader/graphs.ts";
import { resource } from "./program.ts";

const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const OTHER_ACCOUNT = "999999999999";

describe("policies of resources", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: EXAMPLE_STACK, overrides: EXAMPLE_CONFIG });
  });

  const topicArn = (name: string) => String(resource(graph, "aws:sns/topic:Topic", name).outputs.arn);
  const alarmArn = (account = graph.accountId) => `arn:aws:cloudwatch:${graph.region}:${account}:alarm:any`;

  /** Whether a topic's policy lets an AWS service publish on behalf of a resource. */
  function mayPublish(topic: string, service: string, sourceArn: string): boolean {
    const context: ConditionContext = {
      "aws:securetransport": "true",
      "aws:sourcearn": sourceArn,
      "aws:sourceaccount": sourceArn.split(":")[4],
    };
    const { inputs } = resource(graph, TOPIC_POLICY, topic);
    return parsePolicy(inputs.policy, topic).some(
      (statement) =>
        statement.Effect === "Allow" &&
        statement.Action?.includes("sns:Publish") &&
        statement.Principal?.Service?.includes(service) &&
        conditionsHold(statement, context),
    );
  }

  /** What a policy says to one of the program's own roles. */
  function verdictFor(policy: unknown, action: string, arn: string, secureTransport: string) {
    const caller = {
      accountId: graph.accountId,
      arns: [String(resource(graph, "aws:iam/role:Role", "alert").outputs.arn)],
    };
    const context = { "aws:securetransport": secureTransport };
    return evaluateResource(parsePolicy(policy, arn), { action, resource: arn }, caller, context);
  }

  it("are there for each topic: the default one would let every identity of the account publish", () => {
    const guarded = resourcesOfType(graph, TOPIC_POLICY).map(({ inputs }) => inputs.arn);

    expect(guarded).to.have.members(resourcesOfType(graph, "aws:sns/topic:Topic").map(({ id }) => id));
  });

  it("let CloudWatch's alarms of this account tell ops, and nobody else", () => {
    expect(mayPublish("operations", "cloudwatch.amazonaws.com", alarmArn())).to.equal(true);
    expect(mayPublish("operations", "cloudwatch.amazonaws.com", alarmArn(OTHER_ACCOUNT))).to.equal(false);
    expect(mayPublish("operations", "cloudwatch.amazonaws.com", topicArn("alerts"))).to.equal(false);
    expect(mayPublish("operations", "s3.amazonaws.com", alarmArn())).to.equal(false);
    expect(mayPublish("alerts", "cloudwatch.amazonaws.com", alarmArn())).to.equal(false);
  });

  it("let each service publish that the program sends to a topic", () => {
    const topics = new Map(resourcesOfType(graph, "aws:sns/topic:Topic").map(({ id, name }) => [id, name]));
    const alarms = resourcesOfType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").flatMap(({ inputs }) =>
      [inputs.alarmActions, inputs.okActions].flat().map((arn) => ({ arn, from: alarmArn() })),
    );
    const rules = resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => ({
      arn: inputs.arn,
      from: `arn:aws:events:${graph.region}:${graph.accountId}:rule/${inputs.rule}`,
    }));
    for (const { arn, from } of [...alarms, ...rules]) {
      const topic = topics.get(String(arn));
      if (topic === undefined) continue;
      const service = `${from.split(":")[2]}.amazonaws.com`;
      expect(mayPublish(topic, service, from), `${from} to ${topic}`).to.equal(true);
    }
    expect(alarms).not.to.deep.equal([]);
  });

  it("name no principal but services, except to deny", () => {
    for (const { name, inputs } of resourcesOfType(graph, TOPIC_POLICY)) {
      for (const { Effect, Principal } of parsePolicy(inputs.policy, name)) {
        if (Effect === "Allow") expect(Object.keys(Principal ?? {}), name).to.deep.equal(["Service"]);
      }
    }
  });

  it("deny plain HTTP, and leave the rest to the policies of roles", () => {
    const { inputs } = resource(graph, "aws:s3/bucketPolicy:BucketPolicy", "lake");
    const object = "arn:aws:s3:::lake/raw/any";
    for (const [arn, action] of [
      ["arn:aws:s3:::lake", "s3:ListBucket"],
      [object, "s3:GetObject"],
      [object, "s3:PutObject"],
    ] as const) {
      expect(verdictFor(inputs.policy, action, arn, "false"), action).to.equal("deny");
      expect(verdictFor(inputs.policy, action, arn, "true"), action).to.equal("silent");
    }
    for (const name of ["alerts", "operations"]) {
      const { policy } = resource(graph, TOPIC_POLICY, name).inputs;
      expect(verdictFor(policy, "sns:Publish", topicArn(name), "false"), name).to.equal("deny");
      expect(verdictFor(policy, "sns:Publish", topicArn(name), "true"), name).to.equal("silent");
    }
  });

  it("let a function be invoked for one resource of the program only", () => {
    const own = new Set(graph.resources.map(({ outputs }) => outputs.arn));
    const permissions = resourcesOfType(graph, "aws:lambda/permission:Permission");
    for (const { name, inputs } of permissions) {
      expect(inputs.action, name).to.equal("lambda:InvokeFunction");
      expect(inputs.principal, name).to.match(/^(events|sns)\.amazonaws\.com$/);
      expect(own.has(inputs.sourceArn), `${name}: ${inputs.sourceArn}`).to.equal(true);
    }
    expect(permissions.map(({ name }) => name)).to.have.members(["poll", "watch", "webhook-example"]);
  });

  it("leave the stream's key to the policies of roles, as AWS's default does", () => {
    expect(resource(graph, "aws:kms/key:Key", "observations").inputs).not.to.have.property("policy");
  });
});
