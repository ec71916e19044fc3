import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { type LoadedProgram, loadStormwire, statements } from "./program.ts";

describe("IAM policies", () => {
  let program: LoadedProgram;
  let graph: Graph;

  before(async () => {
    program = await loadStormwire("local");
    graph = program.graph;
  });
  after(() => program.remove());

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

  it("name exact resources: one resource, or what lies below one prefix of it", () => {
    for (const { role, action, resource } of grants(graph)) {
      expect(resource, `${role} ${action}`).to.match(/^arn:aws:[a-z0-9]+:[a-z0-9-]*:\d*:[^*?]+\*?$/);
    }
  });

  it("reserve each prefix of the bucket for those who need it", () => {
    const writers = (prefix: string) =>
      grants(graph)
        .filter(
          ({ action, resource }) => action === "s3:PutObject" && resource === `arn:aws:s3:::lake/${prefix}*`,
        )
        .map(({ role }) => role);

    expect(writers("raw/")).to.deep.equal(["archive"]);
    expect(writers("quarantine/")).to.deep.equal(["archive"]);
    expect(writers("state/alerts/")).to.deep.equal(["alert"]);
    expect(writers("cap/")).to.deep.equal(["alert"]);
    expect(writers("transitions/")).to.deep.equal(["alert"]);
    expect(writers("gold/observations/")).to.deep.equal(["etl-job"]);
    expect(writers("aws/lambda/").sort()).to.deep.equal(["alert", "archive"]);
    expect(writers("")).to.deep.equal([]);
  });

  it("let the sender of messages read what a digest tells, and publish", () => {
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
      allowed.filter((grant) => grant.startsWith("logs:Put")),
    );
  });

  it("let the watch read alerts and write nothing but its own state, and publish to ops only", () => {
    const ofWatch = grants(graph).filter(
      ({ role, action }) => role === "watch" && !action.startsWith("logs:"),
    );

    expect(ofWatch.map(({ action, resource }) => `${action} ${resource.replace(/^.*:/, "")}`)).to.deep.equal([
      "sns:Publish operations",
      "s3:GetObject lake/state/alerts/*",
      "s3:GetObject lake/state/stations.json",
      "s3:PutObject lake/state/stations.json",
      "s3:ListBucket lake",
    ]);
  });

  it("let only its own service assume a role", () => {
    for (const { name, inputs } of resourcesOfType(graph, "aws:iam/role:Role")) {
      const [statement, ...others] = statements(inputs.assumeRolePolicy);
      expect(others, name).to.deep.equal([]);
      expect(statement?.Principal, name)
        .to.have.property("Service")
        .that.matches(/^(lambda|scheduler|glue)\.amazonaws\.com$/);
    }
  });
});

function grants(graph: Graph): { role: string; action: string; resource: string }[] {
  return resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy").flatMap(({ inputs }) =>
    statements(inputs.policy).flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => ({
          role: String(inputs.role),
          action: String(action),
          resource: String(resource),
        })),
      ),
    ),
  );
}
