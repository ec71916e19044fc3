import type { ExaminedStack } from "../../../cli/doctor/examined-stack.ts";
import type { Channel, Stray } from "../../../cli/subscriptions/compare.ts";
import { config } from "./support.ts";
import { type Symptom, seeEach } from "./symptoms.ts";

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

const newAccountWithAPhone: Partial<ExaminedStack> = {
  config: { ...config, subscriptions: { ana: { sms: "+12025550101", level: "yellow" } } },
  smsAccount: async () => ({
    region: "r",
    isInSandbox: { value: true },
    attributes: { value: {} },
  }),
};

const symptoms: readonly Symptom[] = [
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
    newAccountWithAPhone,
    undefined,
    "sms sandbox",
    "warn",
    /only numbers that are verified/,
  ],
  [
    "the first spend limit with a phone in config",
    newAccountWithAPhone,
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
];

describe("the doctor's checks of people", () => seeEach(symptoms));
