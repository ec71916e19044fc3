import { portoAlegre } from "../../infra/stack-config.ts";
import { type Cases, type ConfigCase, characters, digest, hook, phone } from "./case.ts";

const silence = { from: "2030-01-01T00:00:00Z", until: "2030-01-02T00:00:00Z", reason: "Sensor replaced" };
/** A name in each section of config that has some. */
const NAMED: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  locations: (name) => ({ locations: { [name]: portoAlegre } }),
  subscriptions: (name) => ({ subscriptions: { [name]: { sms: phone(0) } } }),
  groups: (name) => ({ subscriptions: { me: { sms: phone(0) } }, groups: { [name]: ["me"] } }),
  webhooks: (name) => ({ webhooks: { [name]: hook } }),
  messages: (name) => ({ messages: { [name]: digest } }),
  silences: (name) => ({ silences: { [name]: silence } }),
};
const NAME_ENDS = { minimum: 1, maximum: 40 };

const shards = { minimum: 1, maximum: 20 };
const text = { minimum: 1, maximum: 320 };
const locationName = { minimum: 1, maximum: 40 };
const silenceReason = { minimum: 1, maximum: 120 };
const formerNames = { minimum: 1, maximum: 10 };
const RUNBOOK = "https://example.org/";
const capSender = { minimum: 1, maximum: 120 };
const silentAfterPolls = { minimum: 1, maximum: 100 };
const smsPrice = { minimum: 0.001, maximum: 10 };
const smsSpend = { minimum: 1, maximum: 1_000_000 };

export const OWN_CONFIG_CASES: Cases<ConfigCase> = {
  name: Object.entries(NAMED).map(([section, config]) => ({
    path: section,
    ends: NAME_ENDS,
    config: (length) => config(characters(length)),
    found: characters,
  })),
  shards: [{ path: "stream.shards", ends: shards, config: (count) => ({ stream: { shards: count } }) }],
  schedulePeriod: [
    { path: "poll", ends: { maximum: 365 }, config: (days) => ({ poll: `rate(${days} days)` }) },
    {
      path: "messages.siren.rate",
      ends: { maximum: 365 },
      config: (days) => ({ messages: { siren: { rate: `${days} days`, timeZone: "UTC", text: "Test" } } }),
    },
  ],
  rawRetention: [
    {
      path: "lake.rawRetentionDays",
      ends: { minimum: 40 },
      config: (rawRetentionDays) => ({ lake: { rawRetentionDays } }),
    },
  ],
  text: [
    {
      path: "messages.siren.text",
      ends: text,
      config: (length) => ({
        messages: { siren: { cron: "0 12 * * ? *", timeZone: "UTC", text: characters(length) } },
      }),
      found: characters,
    },
  ],
  locationName: [
    {
      path: "locations.here.name",
      ends: locationName,
      config: (length) => ({ locations: { here: { ...portoAlegre, name: characters(length) } } }),
      found: characters,
    },
  ],
  sender: [
    {
      path: "sender",
      ends: { minimum: 1, maximum: 30 },
      config: (count) => ({ sender: characters(count) }),
      found: characters,
    },
  ],
  advice: [
    {
      path: "advice.rain.red",
      ends: { minimum: 1, maximum: 60 },
      config: (count) => ({
        locations: { a: { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" } },
        advice: { rain: { red: characters(count) } },
      }),
      found: characters,
    },
  ],
  silenceReason: [
    {
      path: "silences.repair.reason",
      ends: silenceReason,
      config: (length) => ({ silences: { repair: { ...silence, reason: characters(length) } } }),
      found: characters,
    },
  ],
  formerNames: [
    {
      path: "subscriptions.me.was",
      ends: formerNames,
      config: (count) => ({ subscriptions: { me: { sms: phone(0), was: names(count) } } }),
      found: (count) => names(count).join(),
    },
  ],
  runbookUrl: [
    {
      path: "runbookUrl",
      ends: { maximum: 100 },
      config: (length) => ({ runbookUrl: RUNBOOK.padEnd(length, "x") }),
      found: () => `${RUNBOOK}…`, // a path may be secret
    },
  ],
  capSender: [
    {
      path: "cap.sender",
      ends: capSender,
      config: (length) => ({ cap: { sender: characters(length) } }),
      found: characters,
    },
  ],
  silentAfterPolls: [
    {
      path: "stations.silentAfterPolls",
      ends: silentAfterPolls,
      config: (polls) => ({ stations: { silentAfterPolls: polls } }),
    },
  ],
  smsPrice: [
    {
      path: "sms.maxPriceUsd",
      ends: smsPrice,
      config: (maxPriceUsd) => ({ sms: { maxPriceUsd } }),
      step: 0.001,
    },
  ],
  smsSpend: [
    {
      path: "sms.monthlyLimitUsd",
      ends: smsSpend,
      config: (monthlyLimitUsd) => ({ sms: { monthlyLimitUsd } }),
    },
  ],
};

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`);
}
