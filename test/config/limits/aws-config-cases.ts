import { type Cases, type ConfigCase, characters, digest, hook, phone } from "./case.ts";

const numbered = <Value>(count: number, make: (index: number) => Value): Record<string, Value> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, make(index)]));

/** Six fields of cron with as many characters. */
function cronOf(length: number): string {
  const hours = " * * * ? *";
  const room = length - hours.length;
  const first = room % 2 === 0 ? "10" : "0";
  return `${first}${",0".repeat((room - first.length) / 2)}${hours}`;
}

/** A webhook whose parameter has as many bytes: `{"url":"…"}`. */
function slackOf(bytes: number) {
  const url = "https://hooks.slack.com/";
  return { url: url + characters(bytes - '{"url":""}'.length - url.length), format: "slack" };
}

const batchRecords = { minimum: 1, maximum: 10_000 };
const batchWindow = { minimum: 0, maximum: 300 };
const streamRetention = { minimum: 24, maximum: 8760 };
const phoneDigits = { minimum: 7, maximum: 15 };
const tagValue = { minimum: 1, maximum: 256 };

export const AWS_CONFIG_CASES: Cases<ConfigCase> = {
  batchRecords: [
    { path: "archive.batchSize", ends: batchRecords, config: (batchSize) => ({ archive: { batchSize } }) },
  ],
  batchWindow: [
    {
      path: "archive.windowSeconds",
      ends: batchWindow,
      config: (windowSeconds) => ({ archive: { windowSeconds } }),
    },
  ],
  streamRetention: [
    {
      path: "stream.retentionHours",
      ends: streamRetention,
      config: (retentionHours) => ({ stream: { retentionHours } }),
    },
  ],
  filterCombinations: [
    {
      path: "subscriptions.me",
      ends: { maximum: 150 },
      // "all", "me" and the groups: so many names, so many combinations
      config: (count) => ({
        subscriptions: { me: { sms: phone(0) } },
        groups: numbered(count - 2, () => ["me"]),
      }),
    },
  ],
  filterPolicies: [
    {
      path: "subscriptions",
      ends: { maximum: 200 },
      config: (count) => ({ subscriptions: numbered(count, (index) => ({ sms: phone(index) })) }),
    },
    {
      path: "webhooks",
      ends: { maximum: 200 },
      config: (count) => ({ webhooks: numbered(count, () => hook) }),
    },
  ],
  phone: [
    {
      path: "subscriptions.me.sms",
      ends: phoneDigits,
      config: (digits) => ({ subscriptions: { me: { sms: `+${"5".repeat(digits)}` } } }),
      found: (digits) => `${digits} digits`,
    },
  ],
  parameter: [
    {
      path: "apiKey",
      ends: { maximum: 4096 },
      config: (bytes) => ({ apiKey: "á".repeat(Math.floor(bytes / 2)) + characters(bytes % 2) }),
      found: () => "(a secret)",
    },
    {
      path: "webhooks.slack.url",
      ends: { maximum: 4096 },
      config: (bytes) => ({ webhooks: { slack: slackOf(bytes) } }),
      found: (bytes) => `${bytes - '{"url":""}'.length} characters`,
    },
  ],
  scheduleExpression: [
    {
      path: "poll",
      ends: { maximum: 256 },
      config: (length) => ({ poll: `cron(${cronOf(length - "cron()".length)})` }),
      found: (length) => `cron(${cronOf(length - "cron()".length)})`,
    },
    {
      path: "messages.digest.cron",
      ends: { maximum: 250 },
      config: (length) => ({ messages: { digest: { ...digest, cron: cronOf(length) } } }),
      found: cronOf,
    },
  ],
  schedulePeriod: [
    {
      path: "poll",
      ends: { minimum: 1 },
      config: (minutes) => ({ poll: `rate(${minutes} minute${minutes === 1 ? "" : "s"})` }),
      found: (minutes) => `rate(${minutes} minutes)`,
    },
    {
      path: "messages.digest.rate",
      ends: { minimum: 1 },
      config: (minutes) => ({
        messages: {
          digest: { rate: `${minutes} minute${minutes === 1 ? "" : "s"}`, timeZone: "UTC", digest: true },
        },
      }),
      found: (minutes) => `${minutes} minutes`,
    },
  ],
  triggerPeriod: [
    {
      path: "lake.schedule",
      ends: { minimum: 5 },
      config: (minutes) => ({ lake: { schedule: `cron(0/${minutes} * * * ? *)` } }),
      found: (minutes) => `cron(0/${minutes} * * * ? *)`,
    },
    {
      path: "lake.jobSchedule",
      ends: { minimum: 5 },
      config: (minutes) => ({ lake: { jobSchedule: `cron(0,${minutes} 12 * * ? *)` } }),
      found: (minutes) => `cron(0,${minutes} 12 * * ? *)`,
    },
  ],
  logRetention: [
    {
      path: "logRetentionDays",
      ends: { minimum: 1, maximum: 3653 },
      config: (logRetentionDays) => ({ logRetentionDays }),
    },
  ],
  scanLimit: [
    {
      path: "lake.scanLimitMegabytes",
      ends: { minimum: 10 },
      config: (scanLimitMegabytes) => ({ lake: { scanLimitMegabytes } }),
    },
  ],
  tagValue: [
    {
      path: "costCenter",
      ends: tagValue,
      config: (length) => ({ costCenter: characters(length) }),
      found: characters,
    },
  ],
};
