import { join } from "node:path";
import { expect } from "chai";
import { reviewOf, USED_BY_AWS_ONLY } from "../../cli/iam/reviewed.ts";
import type { Graph } from "../../local/graph.ts";
import { grantKey, grantsOf } from "../../local/iam/evaluate.ts";
import { rolePoliciesOf } from "../../local/iam/role-policies.ts";
import { runCommandLine } from "../cli/command-line.ts";
import { type EventfulRun, eventfulRun } from "./eventful-run.ts";
import { secretsIn, secretsInFolder, secretsInInputs } from "./planted.ts";
import { plantedProject } from "./planted-project.ts";

describe("a run in which everything happens", function () {
  this.timeout(120_000);
  let run: EventfulRun;

  before(async () => {
    run = await eventfulRun();
  });
  after(() => run.remove());

  describe("permissions", () => {
    it("are all that it takes", () => {
      expect(run.denials).to.deep.equal([]);
      expect(run.problems.filter(({ lost }) => lost)).to.deep.equal([]);
    });

    it("are all used, but for those that only AWS's own services use", () => {
      const unexplained = unusedGrants(run)
        .filter((grant) => reviewOf(USED_BY_AWS_ONLY, grant) === undefined)
        .map(({ role, action, resource }) => `${role} never needs ${action} on ${resource}`);

      expect(unexplained).to.deep.equal([]);
    });

    it("that only AWS uses are still granted, and still unused here", () => {
      const unused = unusedGrants(run);
      const stale = USED_BY_AWS_ONLY.flatMap((entry) =>
        entry.actions
          .map((action) => ({ ...entry, actions: [action] }))
          .filter((one) => !unused.some((grant) => reviewOf([one], grant)))
          .map(({ roles, actions }) => `${roles.join(", ")}: ${actions}`),
      );

      expect(stale).to.deep.equal([]);
    });
  });

  describe("secrets", () => {
    it("are marked where they are inputs, and Pulumi encrypts them in its state", () => {
      expect(secretsInInputs(run.graph, { marked: true })).to.deep.equal({
        "Parameter api-key value": ["apiKey"],
        "Parameter webhook-group value": ["botToken", "chatId"],
        "Parameter webhook-program value": ["path", "webhookSecret"],
        "TopicSubscription operations endpoint": ["opsEmail"],
        "TopicSubscription person-email endpoint": ["email"],
        "TopicSubscription person-sms endpoint": ["phone"],
      });
    });

    it("are in no other input, environments and stack outputs included", () => {
      expect(secretsInInputs(run.graph, { marked: false })).to.deep.equal({});
      expect(secretsIn(JSON.stringify(run.graph.outputs))).to.deep.equal([]);
    });

    it("are in no function's package", async () => {
      expect(await secretsInFolder(run.packages)).to.deep.equal({});
    });

    it("are in no log, object, state, CAP message or dead letter: only where phones and mailboxes get their messages", async () => {
      expect(await secretsInFolder(run.directory)).to.deep.equal({
        "outbox.ndjson": ["email", "opsEmail", "phone"],
        "sns/subscriptions.json": ["email", "opsEmail", "phone"],
      });
    });
  });
});

describe("npm start on a stack with secrets", function () {
  this.timeout(120_000);

  it("prints none, and leaves none but where messages are", async () => {
    const project = await plantedProject();
    try {
      const out = join(project.path, "run");
      const { code, ...printed } = await runCommandLine(
        ["start", "--stack", "planted", "--out", out, "--until", "2024-04-30T07:00:00Z"],
        { projectDirectory: project.path },
      );

      expect(code, printed.error).to.equal(0);
      expect(printed.out).to.include("ORANGE").and.include("1 SMS");
      expect(secretsIn(printed.out + printed.error)).to.deep.equal([]);
      expect(await secretsInFolder(out)).to.deep.equal({
        "outbox.ndjson": ["email", "phone"],
        "sns/subscriptions.json": ["email", "opsEmail", "phone"],
        "webhooks.ndjson": ["chatId"],
      });
    } finally {
      await project.remove();
    }
  });
});

/** What policies grant and the run did not need. */
function unusedGrants({ graph, grantUses }: EventfulRun) {
  const used = new Set(grantUses.map((use) => `${use.roleArn} ${grantKey(use)}`));
  return grantsByRole(graph)
    .filter(({ roleArn, grant }) => !used.has(`${roleArn} ${grantKey(grant)}`))
    .map(({ roleArn, grant }) => ({ role: roleArn.replace(/^.*role\//, ""), ...grant }));
}

function grantsByRole(graph: Graph) {
  return [...rolePoliciesOf(graph)].flatMap(([roleArn, statements]) =>
    grantsOf(statements).map((grant) => ({ roleArn, grant })),
  );
}
