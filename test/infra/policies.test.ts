import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { evaluateService } from "../../local/iam/evaluate.ts";
import { parsePolicy } from "../../local/iam/policy.ts";
import { EXAMPLE_CONFIG, EXAMPLE_STACK } from "./example-stack.ts";
import { graphOf } from "./loader/graphs.ts";
import { statements } from "./program.ts";

describe("IAM policies", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: EXAMPLE_STACK, overrides: EXAMPLE_CONFIG });
  });

  it("give every role one inline policy and nothing managed", () => {
    const roles = resourcesOfType(graph, "aws:iam/role:Role").map(({ outputs }) => outputs.name);
    const owners = resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy").map(({ inputs }) => inputs.role);

    expect(owners.sort()).to.deep.equal(roles.sort());
    expect(resourcesOfType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.deep.equal([]);
    for (const role of resourcesOfType(graph, "aws:iam/role:Role")) {
      expect(role.inputs, role.name).not.to.have.any.keys("managedPolicyArns", "inlinePolicies");
    }
  });

  it("name exact actions", () => {
    for (const { role, action } of grants(graph)) {
      expect(action, role).to.match(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`name exact actions in ${stack}, whatever has the policy and whether it allows or denies`, async () => {
      const overrides = { ...EXAMPLE_CONFIG, "stormwire:apiKey": "key" };
      const documents = policyDocuments(await graphOf({ stack, overrides }));
      for (const { owner, statement } of documents) {
        expect(statement, owner).to.have.property("Action");
        for (const action of [statement.Action].flat())
          expect(action, owner).to.match(/^[a-z0-9]+:[A-Z][A-Za-z]+$/);
      }

      expect(new Set(documents.map(({ owner }) => owner.split(" ")[0]))).to.have.keys(
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/key:Key",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:sns/topicPolicy:TopicPolicy",
      );
    });
  }

  it("name exact resources: one resource, or what lies below one prefix of it, except for traces", () => {
    for (const { role, action, resource } of grants(graph)) {
      if (isTracing({ action, resource })) continue;
      expect(resource, `${role} ${action}`).to.match(/^arn:aws:[a-z0-9]+:[a-z0-9-]*:\d*:[^*?]+\*?$/);
    }
  });

  it("let only functions write traces, which have no resource that could be named", () => {
    const tracing = grants(graph).filter(isTracing);
    const functions = resourcesOfType(graph, "aws:lambda/function:Function").map(({ name }) => name);

    expect(tracing.map(({ role, action }) => `${role} ${action}`).sort()).to.deep.equal(
      functions.flatMap((name) => TRACING.map((action) => `${name} ${action}`)).sort(),
    );
  });

  it("reserve each prefix of the bucket for the roles that need it", () => {
    const writers = (prefix: string) =>
      grants(graph)
        .filter(
          ({ action, resource }) => action === "s3:PutObject" && resource === `arn:aws:s3:::lake/${prefix}*`,
        )
        .map(({ role }) => role);

    expect(writers("raw/")).to.deep.equal(["archive"]);
    expect(writers("quarantine/")).to.deep.equal(["archive"]);
    expect(writers("state/alerts/").sort(), "decisions and renewals").to.deep.equal(["alert", "watch"]);
    expect(writers("cap/").sort(), "alerts, drills, renewals").to.deep.equal(["alert", "notify", "watch"]);
    expect(writers("transitions/")).to.deep.equal(["alert"]);
    expect(writers("gold/observations/")).to.deep.equal(["etl-job"]);
    expect(writers("aws/lambda/").sort()).to.deep.equal(["alert", "archive", "notify", "webhook-example"]);
    expect(writers("")).to.deep.equal([]);
  });

  it("let the sender of messages read the content of a digest, and publish", () => {
    const allowed = grants(graph)
      .filter(({ role }) => role === "notify")
      .map(({ action, resource }) => `${action} ${resource.split(":").at(-1)}`);

    expect(allowed).to.include.members([
      "sns:Publish alerts",
      "s3:GetObject lake/state/alerts/*",
      "s3:GetObject lake/state/stations.json",
      "s3:ListBucket lake",
    ]);
    expect(allowed.filter((grant) => /Put|Delete/.test(grant))).to.deep.equal(
      allowed.filter(
        (grant) =>
          /^(logs|xray):Put/.test(grant) ||
          /^s3:PutObject lake\/(cap\/\*|aws\/lambda\/\*|state\/drills\.json)$/.test(grant),
      ),
    );
  });

  it("let the watch write alerts, its own state, drills and CAP messages, and publish to ops only", () => {
    const ofWatch = grants(graph).filter(
      ({ role, action }) => role === "watch" && !/^(logs|xray):/.test(action),
    );

    const named = ofWatch.map(({ action, resource }) => `${action} ${resource.replace(/^.*:/, "")}`);
    expect(named.map((grant) => grant.replace(/key\/.*/, "KEY"))).to.deep.equal([
      "sns:Publish operations",
      "kms:GenerateDataKey KEY",
      "kms:Decrypt KEY",
      "s3:GetObject lake/state/alerts/*",
      "s3:PutObject lake/state/alerts/*",
      "s3:GetObject lake/state/stations.json",
      "s3:PutObject lake/state/stations.json",
      "s3:GetObject lake/state/drills.json",
      "s3:PutObject lake/state/drills.json",
      "s3:PutObject lake/cap/*",
      "s3:GetObject lake/cap/index.xml",
      "s3:ListBucket lake",
      "s3:ListBucket lake",
      "s3:ListBucket lake",
    ]);
  });

  /** Conditions of a role's grants to list the bucket. */
  const below = (owner: string) =>
    resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => inputs.role === owner)
      .flatMap(({ inputs }) => statements(inputs.policy))
      .filter(({ Action }) => String(Action) === "s3:ListBucket")
      .map(({ Condition }) => Condition);

  it("list the bucket below a prefix, except for services that list the whole bucket", () => {
    const unconditional = grants(graph).filter(
      ({ action, condition }) => action === "s3:ListBucket" && condition === "{}",
    );
    // Lambda lists a bucket that keeps failed records, CreateCrawler its targets and Spark folders; none names a prefix.
    expect(unconditional.map(({ role }) => role).sort()).to.deep.equal([
      "alert",
      "archive",
      "etl-job",
      "gold-crawler",
      "notify",
      "raw-crawler",
      "webhook-example",
    ]);
    expect(below("watch")).to.deep.equal([
      { StringLike: { "s3:prefix": "state/alerts/*" } },
      { StringLike: { "s3:prefix": "state/stations.json" } },
      { StringLike: { "s3:prefix": "state/drills.json" } },
    ]);
  });

  it("let a crawler list the bucket, and read its own folders only", () => {
    const reads = (role: string) =>
      grants(graph)
        .filter((grant) => grant.role === role && grant.action === "s3:GetObject")
        .map(({ resource }) => resource.replace("arn:aws:s3:::", ""));

    expect(below("raw-crawler")).to.deep.equal([undefined]);
    expect(below("gold-crawler")).to.deep.equal([undefined]);
    expect(reads("raw-crawler")).to.deep.equal(["lake/raw/*"]);
    expect(reads("gold-crawler")).to.deep.equal(["lake/gold/observations/*", "lake/gold/alerts/*"]);
  });

  it("grant nothing twice", () => {
    const all = grants(graph).map(({ role, action, resource, condition }) =>
      [role, action, resource, condition].join(" "),
    );

    expect(all.filter((grant, index) => all.indexOf(grant) !== index)).to.deep.equal([]);
  });

  it("let only its own service assume a role, and not for another account", () => {
    for (const { name, inputs } of resourcesOfType(graph, "aws:iam/role:Role")) {
      const trust = parsePolicy(inputs.assumeRolePolicy, name);
      const [service = "", ...others] = trust.flatMap(({ Principal }) => Principal?.Service ?? []);
      const mayAssume = (account: string | undefined, by = service) =>
        evaluateService(trust, { action: "sts:AssumeRole", resource: "" }, by, {
          "aws:sourceaccount": account,
        });

      expect(others, name).to.deep.equal([]);
      expect(service, name).to.match(/^(lambda|scheduler|glue)\.amazonaws\.com$/);
      expect(mayAssume(graph.accountId), name).to.equal("allow");
      expect(mayAssume("999999999999"), name).to.equal("silent");
      expect(mayAssume(graph.accountId, "ec2.amazonaws.com"), name).to.equal("silent");
      // Scheduler always says for whom; where no page promises that, a role must not depend on it.
      const unsaid = service === "scheduler.amazonaws.com" ? "silent" : "allow";
      expect(mayAssume(undefined), name).to.equal(unsaid);
    }
  });
});

/** Statements of whatever input of whatever resource is a policy, so of types too that no table knows of. */
function policyDocuments(graph: Graph) {
  return graph.resources.flatMap(({ type, name, inputs }) =>
    Object.values(inputs)
      .filter((input) => typeof input === "string" && /^\{.*"Statement":/s.test(input))
      .flatMap((document) => statements(document))
      .map((statement) => ({ owner: `${type} ${name}`, statement })),
  );
}

const TRACING = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

/** The one grant on every resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
function isTracing({ action, resource }: { action: string; resource: string }): boolean {
  return TRACING.includes(action) && resource === "*";
}

function grants(graph: Graph): { role: string; action: string; resource: string; condition: string }[] {
  return resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) =>
    statements(inputs.policy).flatMap(({ Action, Resource, Condition }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => ({
          role: String(inputs.role),
          action: String(action),
          resource: String(resource),
          condition: JSON.stringify(Condition ?? {}),
        })),
      ),
    ),
  );
}
