import { join } from "node:path";
import { expect } from "chai";
import type { Graph } from "../../local/graph.ts";
import { matchesPattern } from "../../local/iam/condition.ts";
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
    it("are sufficient", () => {
      expect(run.denials).to.deep.equal([]);
      expect(run.problems.filter(({ lost }) => lost)).to.deep.equal([]);
    });

    it("are all used, except for those that only services of AWS use", () => {
      const unexplained = unusedGrants(run)
        .filter((grant) => !USED_BY_AWS_ONLY.some((entry) => covers(entry, grant)))
        .map(({ role, action, resource }) => `${role} never needs ${action} on ${resource}`);

      expect(unexplained).to.deep.equal([]);
    });

    it("that only services of AWS use are still granted, and still unused here", () => {
      const unused = unusedGrants(run);
      const stale = USED_BY_AWS_ONLY.flatMap((entry) =>
        entry.actions
          .filter((action) => !unused.some((grant) => grant.action === action && covers(entry, grant)))
          .map((action) => `${entry.roles.join(", ")}: ${action}`),
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

interface UnusedHere {
  /** Names of roles. `*` matches any text. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  /** ARN with `*`. Defaults to every resource. */
  readonly resource?: string;
}

/** Permissions that a service of AWS needs and the local run does not. */
const USED_BY_AWS_ONLY: readonly UnusedHere[] = [
  // Lambda, when a function reads a stream: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
  { roles: ["alert", "archive"], actions: ["kinesis:DescribeStreamSummary"] },
  // Lambda, when an on-failure destination is a bucket:
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  { roles: ["archive", "webhook-*"], actions: ["s3:ListBucket"] },
  // AWS documents no list of what a crawler calls. A sample policy of AWS without AWSGlueServiceRole grants these:
  // https://github.com/awslabs/cid-data-collection-framework
  {
    roles: ["raw-crawler", "gold-crawler"],
    actions: [
      "glue:BatchGetPartition",
      "glue:BatchUpdatePartition",
      "glue:CreatePartition",
      "glue:DeletePartition",
      "glue:DeleteTableVersion",
      "glue:GetDatabase",
      "glue:GetDatabases",
      "glue:GetPartition",
      "glue:GetTableVersion",
      "glue:GetTableVersions",
      "glue:GetTables",
      "glue:TagResource",
      "glue:UpdatePartition",
    ],
  },
  // Spark stages a day before it swaps it in; DuckDB does not: docs/decisions/0012-a-day-is-swapped-by-one-copy.md
  { roles: ["etl-job"], actions: ["s3:DeleteObject"], resource: "arn:aws:s3:::*/state/etl/staging/*" },
  // Spark's own processes log there: https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
  {
    roles: ["etl-job"],
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    resource: "arn:aws:logs:*:log-group:*/etl/error:*",
  },
  // Lambda's daemon writes the traces of a function.
  { roles: ["*"], actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] },
];

function covers(
  { roles, actions, resource = "*" }: UnusedHere,
  grant: { readonly role: string; readonly action: string; readonly resource: string },
): boolean {
  return (
    roles.some((role) => matchesPattern(role, grant.role)) &&
    actions.includes(grant.action) &&
    matchesPattern(resource, grant.resource)
  );
}

/** Permissions that the run did not use. */
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
