import { readdirSync } from "node:fs";
import { GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { temporaryFolder } from "../end-to-end/command.ts";
import { DRAWN_ID, isAws } from "./deployment/deploy.ts";
import { query } from "./ministack/athena.ts";
import { schemaOf } from "./ministack/catalog.ts";
import { type Comparison, compare } from "./ministack/comparison.ts";
import { obtainMiniStack } from "./ministack/install.ts";
import {
  capWithoutPublicationTimes,
  goldWithoutArrival,
  objectsBelow,
  rawRows,
  statesWithoutPublications,
} from "./ministack/lake.ts";
import { takesRule, takesSchedule } from "./ministack/otherwise.ts";
import { scheduledEvent } from "./ministack/timeline.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 240_000 };

/** Saved queries that MiniStack's Athena cannot run, by the function of Trino that its DuckDB does not have. */
const NOT_RUN: Readonly<Record<string, string>> = {
  alert_history: "date_format",
  completeness: "sequence",
  daily_cycle: "sequence",
  daily_summary: "date_format",
  degree_days: "sequence",
  fire_weather_hours: "date_format",
  hours_of_strong_wind: "date_format",
  month_comparison: "date_format",
  rain_running_sums: "date_format",
  return_levels: "date_format",
  threshold_runs: "date_format",
  wind_rose: "element_at",
  worst_rain_by_month: "date_format",
};
/** The stream's arrival times are real on MiniStack and virtual here: a query about them, and columns made of them. */
const OF_ARRIVAL = { query: "arrivals", columns: /delay/ };

/** Of crawler, job, workflow, partial batches, retries and on-failure destinations nothing is asserted: MiniStack only keeps them. */
describeEngine("the program on MiniStack", { obtain: obtainMiniStack, ...TIMES }, (engine) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let run: Comparison;

  before("the flood, on the local cloud and on MiniStack", async () => {
    folder = await temporaryFolder();
    run = await compare(engine(), folder.path);
  });
  after(async () => {
    await run?.stop();
    await folder?.remove();
  });

  describe("deployed from the recorded graph", () => {
    it("has every AWS resource of the graph, with the inputs that the program gave", () => {
      const { refused, deployed } = run.deployment;

      expect(refused.map(({ message }) => message)).to.deep.equal([]);
      expect(deployed.map(({ urn }) => urn)).to.have.members(
        run.graph.resources.filter(isAws).map(({ urn }) => urn),
      );
    });

    it("has the ARNs that the local run computes, but for ids that the service draws", () => {
      const given = run.deployment.deployed.filter(({ arn }) => arn !== undefined);

      expect(given).to.have.length.above(30);
      for (const { type, name, arn, expectedArn } of given) {
        const isDrawn = DRAWN_ID.includes(type);
        expect(withoutId(arn, isDrawn), `${type} ${name}`).to.equal(withoutId(expectedArn, isDrawn));
      }
    });

    it("has its stream encrypted with the key that was created, which the roles' policies name", async () => {
      const { kinesis, iam } = run.emulator.clients;
      const key = run.deployment.deployed.find(({ type }) => type === "aws:kms/key:Key");
      const StreamName = String(run.graph.outputs.streamName);

      const { StreamDescriptionSummary } = await kinesis.send(
        new DescribeStreamSummaryCommand({ StreamName }),
      );
      const { PolicyDocument = "" } = await iam.send(
        new GetRolePolicyCommand({ RoleName: "produce", PolicyName: "produce" }),
      );

      expect(StreamDescriptionSummary).to.include({ EncryptionType: "KMS", KeyId: key?.arn });
      expect(decodeURIComponent(PolicyDocument)).to.include(`"${key?.arn}"`);
    });

    it("has the tables that the local run has", () => {
      const [ours, theirs] = [run.ours, run.theirs].map(({ tables }) => tables.map(schemaOf));

      expect(ours).to.have.length.above(0);
      expect(theirs).to.have.deep.members(ours ?? []);
    });
  });

  describe("over the flood", () => {
    it("decides the same transitions, byte for byte", () => {
      const ours = objectsBelow(run.ours.bucketDirectory, "transitions/");

      expect(Object.keys(ours)).to.have.length(4);
      expect(objectsBelow(run.theirs.bucketDirectory, "transitions/")).to.deep.equal(ours);
    });

    it("keeps the same state of alerts and stations, written under conditions", () => {
      for (const prefix of ["state/alerts/", "state/stations"]) {
        const ours = statesWithoutPublications(run.ours.bucketDirectory, prefix);

        expect(Object.keys(ours), prefix).to.have.length.above(0);
        expect(statesWithoutPublications(run.theirs.bucketDirectory, prefix), prefix).to.deep.equal(ours);
      }
    });

    it("publishes the same CAP documents and lists them, but for when they are published", () => {
      const ours = capWithoutPublicationTimes(run.ours.bucketDirectory);

      expect(Object.keys(ours.documents)).to.have.length.above(0);
      expect(ours.listed).to.have.members(Object.keys(ours.documents));
      expect(capWithoutPublicationTimes(run.theirs.bucketDirectory)).to.deep.equal(ours);
    });

    it("publishes the same messages in the same order, with the same texts and attributes", () => {
      expect(run.ours.publications).to.have.length(12);
      expect(withoutPollIds(run.theirs.publications)).to.deep.equal(withoutPollIds(run.ours.publications));
    });

    it("tells each subscriber what the local run tells, by their filter policies", () => {
      const counts = Object.values(run.ours.deliveries).map(({ length }) => length);

      expect(counts).to.include.members([12, 5, 4]);
      expect(run.theirs.deliveries).to.have.all.keys(run.ours.deliveries);
      for (const [name, deliveries] of Object.entries(run.ours.deliveries)) {
        expect(run.theirs.deliveries[name], name).to.deep.equal(deliveries);
      }
    });

    it("calls the webhook with the same bodies, each signed and under an id of its own", () => {
      const { receiver, webhookSecret } = run.replayed;
      const theirs = receiver.received.slice(run.ours.webhooks.length);

      expect(run.ours.webhooks).to.have.length(5);
      expect(withoutPollIds(run.theirs.webhooks)).to.deep.equal(withoutPollIds(run.ours.webhooks));
      for (const { body, headers } of theirs) new Webhook(webhookSecret).verify(body, { ...headers });
      expect(new Set(theirs.map(({ headers }) => headers["webhook-id"]))).to.have.length(theirs.length);
    });

    it("archives the same rows, but for when they arrived and their numbers", () => {
      const ours = rawRows(run.ours.bucketDirectory);

      expect(ours).to.have.length(168);
      expect(rawRows(run.theirs.bucketDirectory)).to.deep.equal(ours);
    });

    it("leaves nothing in quarantine and nothing given up", () => {
      for (const { bucketDirectory } of [run.ours, run.theirs]) {
        expect(readdirSync(bucketDirectory))
          .to.include("raw")
          .and.not.to.include.oneOf(["quarantine", "aws"]);
      }
    });

    for (const table of ["observations", "alerts"] as const) {
      it(`makes the same gold rows of ${table}, with the job's stand-in on its S3`, async () => {
        const ours = await goldWithoutArrival(run.ours.bucketDirectory, table);

        expect(ours.rows).to.have.length.above(3);
        expect(await goldWithoutArrival(run.theirs.bucketDirectory, table)).to.deep.equal(ours);
      });
    }
  });

  describe("asked the saved queries", () => {
    it("answers those that its Athena can run as the local run does", () => {
      const ran = Object.keys(run.ours.queries).filter(
        (name) => !(name in NOT_RUN) && name !== OF_ARRIVAL.query,
      );

      expect(ran).to.have.members(["flagged_values", "gaps", "gust_ranking", "latest_by_place", "records"]);
      for (const name of ran) {
        expect(inTheirForm(run.theirs.queries[name]), name).to.deep.equal(
          inTheirForm(run.ours.queries[name]),
        );
      }
    });

    it("fails those that want functions of Trino that it lacks, and no other", () => {
      const failed = Object.entries(run.theirs.queries).flatMap(([name, answer]) =>
        "failed" in answer ? [[name, missingFunction(answer.failed)]] : [],
      );

      expect(Object.fromEntries(failed)).to.deep.equal(NOT_RUN);
    });
  });

  describe("in real time", () => {
    it("fires a rule of one minute once, with the event that the local run gives, and a schedule at its time", async function () {
      this.timeout(120_000);
      const { timers, graph } = run;

      const fired = (await timers.fired()) as Record<string, unknown>[];

      const fromRule = fired.filter(({ source }) => source === "aws.events");
      const fromSchedule = fired.filter(({ source }) => source === "aws.scheduler");
      expect(fromRule).to.have.length(1);
      expect({ ...fromRule[0], id: "", time: "" }).to.deep.equal({
        ...scheduledEvent(graph, timers.ruleArn, new Date()),
        id: "",
        time: "",
      });
      expect(fromSchedule.map(({ resources }) => resources)).to.deep.equal([
        [`arn:aws:scheduler:${graph.region}:${graph.accountId}:schedule/default/soon`],
      ]);
    });

    it("differs as docs/fidelity.md says: past times, time zones, keywords and the event of a schedule", async function () {
      this.timeout(120_000);

      const fired = (await run.timers.fired()) as Record<string, unknown>[];

      expect(fired.filter(({ schedule }) => schedule !== undefined)).to.have.deep.members([
        { schedule: "in-three-hours", time: "<aws.scheduler.scheduled-time>" },
        { schedule: "past" },
      ]);
      expect(fired.find(({ source }) => source === "aws.scheduler")?.detail).to.deep.equal({});
    });
  });

  describe("differs where docs/fidelity.md says", () => {
    it("writes a whole second without its zeros", () => {
      const times = [run.ours, run.theirs].map(({ queries }) => JSON.stringify(queries.gust_ranking));

      expect(times[0]).to.match(/ \d\d:00:00\.000"/);
      expect(times[1]).to.match(/ \d\d:00:00"/);
    });

    it("takes schedule expressions and time zones that AWS refuses", async () => {
      const { clients } = run.emulator;
      const rules = ["rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)"];

      for (const rule of rules) expect(await takesRule(clients, rule), rule).to.equal(true);
      expect(await takesRule(clients, "cron(0 7 * * * *)"), "two *").to.equal(false);
      expect(await takesSchedule(clients, "cron(0 7 * * * *)", "UTC"), "two *").to.equal(true);
      expect(await takesSchedule(clients, "at(2030-01-01)", "UTC"), "no time").to.equal(true);
      expect(await takesSchedule(clients, "rate(5 minutes)", "Nowhere/Nope"), "no zone").to.equal(true);
    });

    it("leaves the parameters of a query unfilled", async () => {
      const { graph, emulator } = run;
      const { database, workgroup } = graph.outputs as Record<"database" | "workgroup", string>;
      const { athena } = emulator.clients;

      const answer = await query({ athena, database, workgroup }, "SELECT ? AS one", ["1"]);

      expect(answer)
        .to.have.property("failed")
        .that.matches(/Values were not provided/);
    });

    it("numbers records with zeros in front", () => {
      const [key] = Object.keys(objectsBelow(run.theirs.bucketDirectory, "raw/"));

      expect(key).to.match(/\/shardId-000000000000-0\d+-0\d+\.ndjson\.gz$/);
    });
  });
});

function withoutId(arn: unknown, isDrawn: boolean): string {
  return isDrawn ? String(arn).replace(/[^/]+$/, "") : String(arn);
}

/** Athena writes three digits of a second, MiniStack only those that are not zero. */
function inTheirForm(answer: Comparison["theirs"]["queries"][string] | undefined): unknown {
  if (answer === undefined || "failed" in answer) return answer;
  const isKept = (_: unknown, index: number) => !OF_ARRIVAL.columns.test(answer.columns[index] ?? "");
  return {
    columns: answer.columns.filter(isKept),
    rows: answer.rows.map((row) =>
      row.filter(isKept).map((cell) => cell?.replace(/(\d\d:\d\d:\d\d)\.000$/, "$1")),
    ),
  };
}

function missingFunction(message: string): string {
  const [, missing, unfit] = /Function with name (\w+) does not exist|types '(\w+)\(/.exec(message) ?? [];
  return missing ?? unfit ?? message;
}

/** A poll has the id of its event, which EventBridge draws anew: what is JSON in JSON escapes its quotes. */
function withoutPollIds(messages: unknown): unknown {
  const text = JSON.stringify(messages);
  const anonymous = text.replaceAll(/(pollId\\*":\\*")[^"\\]+/g, "$1POLL");
  if (anonymous === text) throw new Error("no message names its poll");
  return JSON.parse(anonymous);
}
