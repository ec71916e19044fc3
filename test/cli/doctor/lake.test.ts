import { expect } from "chai";
import { lastRun } from "../../../cli/doctor/lake.ts";
import { healthyObjects, NOW, plan, well } from "./support.ts";
import { type Symptom, seeEach } from "./symptoms.ts";

const symptoms: readonly Symptom[] = [
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
    "raw objects that no run can read",
    { planEtl: async () => plan({ skipped: 2 }) },
    undefined,
    "skipped observations",
    "warn",
    /^2 objects$/,
  ],
];

describe("the doctor's checks of the lake", () => {
  seeEach(symptoms);

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
});
