import { expect } from "chai";
import { examine, exitCodeOf, isSick } from "../../../cli/doctor/examine.ts";
import type { Verdict } from "../../../cli/doctor/finding.ts";
import { formatFindings } from "../../../cli/doctor/format.ts";
import { lastRun } from "../../../cli/doctor/lake.ts";
import { NotKnownError, NotThereError, type Patient } from "../../../cli/doctor/patient.ts";
import type { Channel, Stray } from "../../../cli/subscriptions/compare.ts";
import { UsageError } from "../../../local/command-line.ts";
import { config, healthyObjects, NOW, patient, plan, seen, well } from "./support.ts";

const ana: Channel = {
  name: "ana",
  protocol: "email",
  endpoint: "a…@example.org",
  level: "yellow",
  language: "en",
  groups: [],
  state: "confirmed",
};
const stray: Stray = { arn: "arn", protocol: "sms", endpoint: "+55…01", state: "confirmed" };
const phone = { ...config, subscriptions: { ana: { sms: "+5551999990001", level: "yellow" as const } } };

/** A symptom, the row it shows in, and what that row says. */
type Case = readonly [string, Partial<Patient>, Record<string, string> | undefined, string, Verdict, RegExp];

const place = "observations porto-alegre";
const since = (silentSince: string) =>
  JSON.stringify({ version: 1, stations: { "porto-alegre": { silentSince } }, pending: [] });

const cases: readonly Case[] = [
  [
    "a mailbox that waits",
    {
      subscriptions: async () => ({
        channels: [{ ...ana, state: "pending", since: "2024-05-07T10:00:00Z" }],
        strays: [],
      }),
    },
    undefined,
    "subscriptions",
    "warn",
    /^0 confirmed; pending: ana email since 2024-05-07 10:00 UTC$/,
  ],
  [
    "somebody who is not subscribed",
    { subscriptions: async () => ({ channels: [ana, { ...ana, state: "missing" }], strays: [] }) },
    undefined,
    "subscriptions",
    "fail",
    /^1 confirmed; missing: ana email$/,
  ],
  [
    "a stranger on the topic",
    { subscriptions: async () => ({ channels: [ana], strays: [stray] }) },
    undefined,
    "subscriptions",
    "warn",
    /1 not in config/,
  ],
  ["alarms nobody hears", { opsMail: async () => "pending" }, undefined, "ops mail", "fail", /^pending$/],
  [
    "no mailbox for alarms",
    { config: { ...config, opsEmail: undefined } },
    undefined,
    "ops mail",
    "warn",
    /opsEmail is not set/,
  ],
  [
    "a sandbox with a phone in config",
    {
      config: phone,
      smsAccount: async () => ({
        region: "r",
        isInSandbox: { value: true },
        attributes: { value: {} },
      }),
    },
    undefined,
    "sms sandbox",
    "warn",
    /only numbers that are verified/,
  ],
  [
    "the first spend limit with a phone in config",
    {
      config: phone,
      smsAccount: async () => ({
        region: "r",
        isInSandbox: { value: true },
        attributes: { value: {} },
      }),
    },
    undefined,
    "sms spend limit",
    "warn",
    /\$1 a month/,
  ],
  [
    "an account that may not be asked",
    {
      smsAccount: async () => ({
        region: "r",
        isInSandbox: { denied: "not authorized" },
        attributes: { value: {} },
      }),
    },
    undefined,
    "sms sandbox",
    "unknown",
    /not authorized/,
  ],
  [
    "a failed crawl",
    {
      lastCrawl: async (name) => (name === "raw" ? { ...well, state: "FAILED", error: "no\naccess" } : well),
    },
    undefined,
    "crawler raw",
    "fail",
    /^FAILED, begun 2024-05-08 00:30 UTC: no access$/,
  ],
  [
    "a crawl that somebody stopped",
    { lastCrawl: async () => ({ state: "CANCELLED" }) },
    undefined,
    "crawler gold",
    "warn",
    /^CANCELLED$/,
  ],
  [
    "a job that timed out",
    { lastJobRun: async () => ({ state: "TIMEOUT" }) },
    undefined,
    "job",
    "fail",
    /TIMEOUT/,
  ],
  ["a job that runs", { lastJobRun: async () => ({ state: "RUNNING" }) }, undefined, "job", "ok", /RUNNING/],
  [
    "a job that has not run",
    { lastJobRun: async () => undefined },
    undefined,
    "job",
    "unknown",
    /not run yet/,
  ],
  [
    "a consumer a little behind",
    { iteratorAge: async (consumer) => (consumer === "alert" ? 120 : 1) },
    undefined,
    "iterator age alert",
    "warn",
    /^2 minutes behind the stream$/,
  ],
  [
    "a consumer that stands still",
    { iteratorAge: async () => 600 },
    undefined,
    "iterator age archive",
    "fail",
    /^10 minutes/,
  ],
  [
    "a stream without records",
    { iteratorAge: async () => undefined },
    undefined,
    "iterator age alert",
    "unknown",
    /nothing was read/,
  ],
  [
    "a consumer that nobody invokes",
    {
      traffic: async (consumer) => ({ sent: 36, invocations: consumer === "archive" ? 0 : 36 }),
      iteratorAge: async () => undefined,
    },
    undefined,
    "invocations archive",
    "fail",
    /^none in the last 3 hours, though 36 observations were sent$/,
  ],
  [
    "a consumer that has nothing to do",
    { traffic: async () => ({ sent: 0, invocations: 0 }) },
    undefined,
    "invocations alert",
    "unknown",
    /^none in the last 3 hours, and no observation was sent$/,
  ],
  [
    "a consumer whose polls lie further apart than three hours",
    {
      config: { ...config, poll: "rate(1 day)" },
      traffic: async () => ({ sent: 1, invocations: 0 }),
    },
    undefined,
    "invocations alert",
    "fail",
    /^none in the last 3 days, though 1 observation was sent$/,
  ],
  [
    "a mapping that is disabled",
    { mapping: async () => ({ state: "Disabled", lastResult: "No records processed" }) },
    undefined,
    "mapping alert",
    "fail",
    /^Disabled, last result: No records processed$/,
  ],
  [
    "a mapping that may not read",
    { mapping: async () => ({ state: "Enabled", lastResult: "PROBLEM: Lambda failed to assume your role" }) },
    undefined,
    "mapping archive",
    "fail",
    /^Enabled, last result: PROBLEM: /,
  ],
  [
    "a mapping on its way",
    { mapping: async () => ({ state: "Enabling", lastResult: undefined }) },
    undefined,
    "mapping archive",
    "warn",
    /^Enabling$/,
  ],
  [
    "a mapping that is gone",
    { mapping: async () => undefined },
    undefined,
    "mapping alert",
    "fail",
    /is gone/,
  ],
  [
    // 288 of 500 calls are planned, so half of what is to spare is 106.
    "few calls left",
    { callsLeft: async () => ({ calls: 105, at: NOW }) },
    undefined,
    "calls left",
    "warn",
    /^105 of 500 at 2024-05-08 10:00 UTC; 106 would do$/,
  ],
  [
    "calls that are just enough",
    { callsLeft: async () => ({ calls: 106, at: NOW }) },
    undefined,
    "calls left",
    "ok",
    /^106 of 500/,
  ],
  [
    "no calls left",
    { callsLeft: async () => ({ calls: 0, at: NOW }) },
    undefined,
    "calls left",
    "fail",
    /^0 of 500/,
  ],
  [
    "no poll",
    { callsLeft: async () => undefined },
    undefined,
    "calls left",
    "unknown",
    /not polled in the last 3 hours$/,
  ],
  [
    "a place last seen at the limit of silence",
    {},
    { "state/alerts/porto-alegre.json": seen("2024-05-08T09:30:00Z") },
    place,
    "ok",
    /^last 2024-05-08 09:30 UTC, 30 minutes ago$/,
  ],
  [
    "a place that is silent",
    {},
    { "state/alerts/porto-alegre.json": seen("2024-05-08T09:29:59Z") },
    place,
    "fail",
    /, of 30 minutes allowed by rate\(5 minutes\)$/,
  ],
  [
    "a place that the watch calls silent",
    {},
    { ...healthyObjects, "state/stations.json": since("2024-05-08T08:00:00Z") },
    place,
    "fail",
    /; silent since 2024-05-08 08:00 UTC$/,
  ],
  ["a place without an observation", {}, {}, place, "warn", /^none so far$/],
  [
    "a state that cannot be read",
    {},
    { "state/alerts/porto-alegre.json": "{" },
    "observations",
    "unknown",
    /^SyntaxError/,
  ],
  [
    "a poll rate over the plan",
    { config: { ...config, poll: "rate(1 minute)" } },
    undefined,
    "quota",
    "warn",
    /1440 calls a day.*500/,
  ],
  [
    "what was given up",
    {},
    { ...healthyObjects, "aws/lambda/uuid/shard/x": "", "aws/lambda/async/webhook-a/x": "" },
    "given up",
    "fail",
    /^1 batch of the stream, 1 other event$/,
  ],
  [
    "records in quarantine",
    {},
    { ...healthyObjects, "quarantine/reason=bad-time/year=2024/month=05/day=08/shardId-0-1.json": "" },
    "quarantine",
    "warn",
    /^1 record: 1 bad-time$/,
  ],
  [
    "a day that the last run should have rebuilt",
    {
      planEtl: async () => plan({ stale: ["2024-05-07", "2024-05-08"], upToDate: 5, frozen: ["2024-01-01"] }),
    },
    undefined,
    "days observations",
    "warn",
    /^newest in gold 2024-05-07; 5 up to date, 1 frozen, 1 wait for the next run, 1 stale: 2024-05-07$/,
  ],
  [
    "days that wait for the next run",
    { planEtl: async () => plan({ stale: ["2024-05-08"] }) },
    undefined,
    "days observations",
    "ok",
    /1 wait for the next run$/,
  ],
  [
    "an alarm that rings",
    {
      alarms: async () => [
        {
          name: "alert-errors",
          state: "ALARM",
          description: "Errors of alert. Runbook: docs/runbook.md#errors",
        },
      ],
    },
    undefined,
    "alarm alert-errors",
    "fail",
    /^rings: Errors of alert/,
  ],
  [
    "an alarm that is gone",
    { alarms: async () => [{ name: "alert-errors", state: undefined, description: "" }] },
    undefined,
    "alarm alert-errors",
    "warn",
    /^is gone$/,
  ],
  [
    "a key that is gone",
    { apiKey: async () => ({ parameter: "/x/api-key", isThere: false }) },
    undefined,
    "api key",
    "fail",
    /^\/x\/api-key is gone/,
  ],
];

describe("the doctor's checks", () => {
  it("find a healthy stack well", async () => {
    const findings = await examine(patient());

    expect(findings.filter(({ state }) => state !== "ok")).to.deep.equal([]);
    expect(isSick(findings)).to.equal(false);
    expect(findings.map(({ check }) => check)).to.include.members([
      "sms sandbox",
      "days observations",
      place,
    ]);
  });

  for (const [what, symptoms, objects, check, state, found] of cases) {
    it(`see ${what}`, async () => {
      const findings = await examine(patient(symptoms, objects));

      const row = findings.find((one) => one.check === check);
      expect(row, JSON.stringify(findings, null, 2)).to.include({ state });
      expect(row?.found).to.match(found);
      expect(isSick([row].flatMap((one) => one ?? []))).to.equal(state === "warn" || state === "fail");
      if (isSick(row ? [row] : []) && !check.startsWith("sms") && check !== "quota") {
        expect(row?.todo, "what to do about it").to.be.a("string");
      }
    });
  }

  it("say where an alarm's runbook is, by its description or else by its name", async () => {
    const rings = (description: string) => async () => [{ name: "quota", state: "ALARM", description }];
    const named = await examine(
      patient({ alarms: rings("x. Runbook: https://example.org/runbook#api-quota") }),
    );
    const unnamed = await examine(patient({ alarms: rings("x") }));

    const todo = (rows: typeof named) => rows.find(({ check }) => check === "alarm quota")?.todo;
    expect([todo(named), todo(unnamed)]).to.deep.equal([
      "https://example.org/runbook#api-quota",
      "docs/runbook.md#quota",
    ]);
  });

  it("know no more than they may ask, and go on", async () => {
    const denied = () => Promise.reject(new UsageError("S3 says AccessDenied: no s3:ListBucket"));
    const noAlarms = () => Promise.reject(new NotKnownError("the stack's state has no alarms"));
    const objects = { list: denied, read: async () => seen("2024-05-08T09:55:00Z") };

    const findings = await examine(patient({ objects, alarms: noAlarms }));

    const unknown = findings.filter(({ state }) => state === "unknown");
    expect(unknown.map(({ check }) => check)).to.deep.equal([
      "observations",
      "alarms",
      "given up",
      "quarantine",
      "days",
    ]);
    expect(unknown[2]?.found).to.equal("S3 says AccessDenied: no s3:ListBucket");
    expect(exitCodeOf(findings)).to.equal(3);
  });

  it("leave what there is none of, such as alarms in a local run, out of what is unknown", async () => {
    const noAlarms = () => Promise.reject(new NotThereError("a local run has no alarms"));

    const findings = await examine(patient({ alarms: noAlarms }));

    expect(findings.find(({ check }) => check === "alarms")).to.deep.equal({
      check: "alarms",
      state: "n/a",
      found: "a local run has no alarms",
    });
    expect(exitCodeOf(findings)).to.equal(0);
  });

  it("answer 1 where something warns or fails, whatever else is unknown", async () => {
    const symptoms = { callsLeft: async () => undefined, iteratorAge: async () => 700 };

    expect(exitCodeOf(await examine(patient(symptoms)))).to.equal(1);
  });

  it("end for credentials that AWS does not take: nothing could be known", async () => {
    const cause = Object.assign(new Error("unknown token"), { name: "InvalidClientTokenId" });
    const refused = () => Promise.reject(new UsageError("SNS says InvalidClientTokenId", { cause }));

    const error = await examine(patient({ subscriptions: refused })).catch((problem: unknown) => problem);

    expect(error).to.be.instanceOf(UsageError);
  });

  it("count from the last run that has had its time", () => {
    const daily = { schedule: "cron(30 0 * * ? *)" };
    expect(lastRun(daily, NOW)?.toISOString()).to.equal("2024-05-08T00:30:00.000Z");
    expect(lastRun(daily, new Date("2024-05-08T02:29:59Z"))?.toISOString()).to.equal(
      "2024-05-07T00:30:00.000Z",
    );
    expect(lastRun({ schedule: "cron(0 0 1 1 ? 2020)" }, NOW)).to.equal(undefined);
  });

  it("count the job's own runs with those of the workflow", () => {
    const lake = { schedule: "cron(30 0 ? * SUN *)", jobSchedule: "cron(30 0 ? * MON-SAT *)" };
    expect(lastRun(lake, new Date("2024-05-05T12:00:00Z"))?.toISOString()).to.match(/^2024-05-05/);
    expect(lastRun(lake, new Date("2024-05-04T12:00:00Z"))?.toISOString()).to.match(/^2024-05-04/);
  });

  it("are shown with what to do below each", async () => {
    const text = formatFindings("dev", await examine(patient({ iteratorAge: async () => 700 })));

    expect(text).to.match(/iterator age alert .*behind the stream\n +→ the log of the function alert/);
    expect(text).to.match(/\n\d+ ok, 0 warn, 2 fail, 0 unknown, 0 n\/a\n$/);
  });
});
