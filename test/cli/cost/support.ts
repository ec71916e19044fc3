import { assume } from "../../../cli/cost/assumptions.ts";
import type { Bill } from "../../../cli/cost/bill.ts";
import type { Deployment } from "../../../cli/cost/deployment.ts";
import type { MonthOf } from "../../../cli/cost/events.ts";

export const DAYS = 365 / 12;
export const GB = 1024 ** 3;

/** A stream with the functions that feed and read it, and nothing else. */
const deployment: Deployment = {
  region: "us-east-1",
  streams: [{ mode: "provisioned", shards: 1, retentionHours: 24, isEncrypted: false }],
  keys: [],
  functions: [],
  mappings: [
    { function: "alert", batchSize: 100, windowSeconds: 0, partsOfShard: 1 },
    { function: "archive", batchSize: 1000, windowSeconds: 60, partsOfShard: 1 },
  ],
  timers: [
    { name: "poll", kind: "rule", function: "produce", expression: "rate(5 minutes)", timeZone: "UTC" },
  ],
  crawlers: [],
  jobs: [],
  retentionDays: {},
  oldStateDays: undefined,
  subscribers: [],
  alarms: 0,
  dashboards: 0,
};

export function monthWith(
  part: Partial<Deployment> = {},
  workload: Partial<MonthOf["workload"]> = {},
): MonthOf {
  return {
    deployment: { ...deployment, ...part },
    workload: {
      places: 1,
      smsUsd: 0.05,
      languages: 1,
      audiences: {},
      assumptions: assume({ customMetrics: 0, queries: 0, opsMessages: 0 }),
      ...workload,
    },
  };
}

/** Polled once every so many minutes. */
export function polled(minutes: number): Deployment["timers"] {
  const expression = minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`;
  return [{ name: "poll", kind: "rule", function: "produce", expression, timeZone: "UTC" }];
}

/** US dollars of a service before the always-free tier. */
export function serviceUsd(bill: Bill, service: string): number {
  return bill.services.find((total) => total.service === service)?.usd ?? 0;
}
