import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { createAuthorizer } from "../../local/iam/authorizer.ts";
import { type ConditionContext, conditionsHold } from "../../local/iam/condition.ts";
import { delegatesToAccount, evaluateResource, evaluateService, grantsOf } from "../../local/iam/evaluate.ts";
import { identitiesFromGraph } from "../../local/iam/identities.ts";
import { parsePolicy } from "../../local/iam/policy.ts";
import { rolePoliciesOf } from "../../local/iam/role-policies.ts";
import { EXAMPLE_CONFIG, EXAMPLE_STACK } from "./example-stack.ts";
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

  /** Whether a topic's policy lets an AWS service publish on behalf of a resource; undefined: it does not say for which. */
  function mayPublish(topic: string, service: string, sourceArn: string | undefined): boolean {
    const context: ConditionContext = {
      "aws:securetransport": "true",
      "aws:sourcearn": sourceArn,
      "aws:sourceaccount": sourceArn?.split(":")[4],
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

  it("let EventBridge tell ops, but for another account where it says for which", () => {
    const ruleArn = (account: string) => `arn:aws:events:${graph.region}:${account}:rule/any`;

    expect(mayPublish("operations", "events.amazonaws.com", ruleArn(graph.accountId))).to.equal(true);
    expect(mayPublish("operations", "events.amazonaws.com", ruleArn(OTHER_ACCOUNT))).to.equal(false);
    expect(mayPublish("operations", "events.amazonaws.com", undefined), "as AWS documents it").to.equal(true);
    expect(mayPublish("operations", "cloudwatch.amazonaws.com", undefined)).to.equal(false);
    expect(mayPublish("alerts", "events.amazonaws.com", ruleArn(graph.accountId))).to.equal(false);
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
      [object, "s3:GetObjectVersion"],
      ["arn:aws:s3:::lake", "s3:ListBucketVersions"],
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

  it("deny plain HTTP for whatever a role may do with the bucket", () => {
    const { inputs } = resource(graph, "aws:s3/bucketPolicy:BucketPolicy", "lake");
    const granted = [...rolePoliciesOf(graph).values()]
      .flatMap((statements) => grantsOf(statements))
      .filter(({ action }) => action.startsWith("s3:"));
    for (const { action, resource: arn } of granted)
      expect(verdictFor(inputs.policy, action, arn, "false"), `${action} on ${arn}`).to.equal("deny");

    expect(new Set(granted.map(({ action }) => action))).to.include.keys("s3:DeleteObject", "s3:ListBucket");
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

  describe("of the key", () => {
    const key = () => resource(graph, "aws:kms/key:Key", "observations");

    /** Whether a role may do something with the key, that has the permission by its own policy. */
    function mayUse(action: string, service: string): boolean {
      const { policy } = key().inputs;
      const caller = { accountId: graph.accountId, arns: [] };
      const context = { "kms:viaservice": service && `${service}.${graph.region}.amazonaws.com` };
      const request = { action, resource: String(key().outputs.arn) };
      return delegatesToAccount(parsePolicy(policy, "key"), request, caller, context);
    }

    it("encrypts stream and topics: a second one would cost a dollar a month", () => {
      const stream = resource(graph, "aws:kinesis/stream:Stream", "observations");
      const topics = resourcesOfType(graph, "aws:sns/topic:Topic").map(({ inputs }) => inputs.kmsMasterKeyId);

      expect(resourcesOfType(graph, "aws:kms/key:Key")).to.have.length(1);
      expect([stream.inputs.kmsKeyId, ...topics]).to.deep.equal(Array(3).fill(key().outputs.arn));
    });

    it("lets the services use it that publish to a topic, for this account, and no other", () => {
      const statements = parsePolicy(key().inputs.policy, "key");
      const arn = String(key().outputs.arn);
      const mayService = (service: string, account: string | undefined) =>
        ["kms:GenerateDataKey", "kms:Decrypt"].every(
          (action) =>
            evaluateService(statements, { action, resource: arn }, `${service}.amazonaws.com`, {
              "aws:sourceaccount": account,
              "kms:viaservice": undefined,
            }) === "allow",
        );

      for (const service of ["cloudwatch", "events", "s3"]) {
        expect(mayService(service, graph.accountId), service).to.equal(true);
        expect(mayService(service, OTHER_ACCOUNT), service).to.equal(false);
        expect(mayService(service, undefined), `${service}, unsaid`).to.equal(service === "events");
      }
      expect(mayService("sns", graph.accountId)).to.equal(false);
    });

    it("lets Kinesis and SNS encrypt and decrypt for roles that may, and nobody without them", () => {
      for (const action of ["kms:Decrypt", "kms:GenerateDataKey"]) {
        expect(mayUse(action, "kinesis"), action).to.equal(true);
        expect(mayUse(action, "sns"), action).to.equal(true);
        expect(mayUse(action, "s3"), action).to.equal(false);
        expect(mayUse(action, ""), `${action} by its own`).to.equal(false);
      }
    });

    it("lets nobody encrypt otherwise, or hand the key on", () => {
      for (const action of ["Encrypt", "ReEncryptFrom", "GenerateDataKeyPair", "CreateGrant"])
        expect(mayUse(`kms:${action}`, "kinesis"), action).to.equal(false);
    });

    it("can always be changed, and the key be deleted and kept after all", () => {
      for (const action of ["PutKeyPolicy", "GetKeyPolicy", "ScheduleKeyDeletion", "CancelKeyDeletion"])
        expect(mayUse(`kms:${action}`, ""), action).to.equal(true);
    });

    it("allows the account's own, and only if a policy of theirs does too", () => {
      const statements = parsePolicy(key().inputs.policy, "key");
      const root = `arn:aws:iam::${graph.accountId}:root`;

      const accounts = statements.flatMap(({ Principal }) => Principal?.AWS ?? []);
      expect(accounts).to.deep.equal([root, root]);
      expect(verdictFor(key().inputs.policy, "kms:PutKeyPolicy", String(key().outputs.arn), "true")).to.equal(
        "silent",
      );
    });

    it("leaves stream and topics to those who write and read them", () => {
      const authorizer = createAuthorizer(graph);
      const identities = identitiesFromGraph(graph);
      const may = (role: string, action: string, service: string) =>
        authorizer.decide(
          identities.forRole(String(resource(graph, "aws:iam/role:Role", role).outputs.arn), "test"),
          { action, resource: String(key().outputs.arn) },
          { service },
        ).allowed;

      for (const [role, action] of [
        ["produce", "kms:GenerateDataKey"],
        ["alert", "kms:Decrypt"],
        ["archive", "kms:Decrypt"],
      ] as const) {
        expect(may(role, action, "kinesis"), `${role} ${action}`).to.equal(true);
        expect(may(role, action, "kms"), `${role} ${action} without Kinesis`).to.equal(false);
      }
      for (const role of ["alert", "notify", "watch"]) {
        expect(may(role, "kms:GenerateDataKey", "sns"), role).to.equal(true);
        expect(may(role, "kms:Decrypt", "sns"), role).to.equal(true);
      }
      expect(may("produce", "kms:GenerateDataKey", "sns")).to.equal(false);
      expect(may("produce", "kms:Decrypt", "kinesis")).to.equal(false);
      expect(may("alert", "kms:GenerateDataKey", "kinesis")).to.equal(false);
      expect(may("watch", "kms:Decrypt", "kinesis")).to.equal(false);
    });
  });
});
