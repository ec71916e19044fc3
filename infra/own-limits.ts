import type { OwnLimit } from "./limit.ts";

/** What config may not say although AWS would take it, and why. */
export const OWN_LIMITS = {
  name: {
    what: "names in config: of places, subscriptions, groups, webhooks, messages and silences",
    unit: "characters",
    minimum: 1,
    maximum: 40,
    metBy: "`locations`, `subscriptions`, `groups`, `webhooks`, `messages`, `silences`",
    reason:
      "`webhook-NAME` and the eight characters that Pulumi adds must fit into the 64 of a function's and of a role's name",
  },
  shards: {
    what: "shards of the stream",
    unit: "shards",
    minimum: 1,
    maximum: 20,
    metBy: "`stream.shards`",
    reason:
      "as many functions at once write one CAP feed, and each tries as often as that to win it (handlers/aws/cap-store.ts)",
  },
  schedulePeriod: {
    what: "time from one run of a rate to the next",
    unit: "days",
    maximum: 365,
    metBy: "`poll`, `messages.NAME.rate`",
    reason: "a slip of the number is found: the first run of a longer one is more than a year away",
  },
  rawRetention: {
    what: "how long raw objects are kept",
    unit: "days",
    minimum: 40,
    metBy: "`lake.rawRetentionDays`",
    reason:
      "a day of gold is rebuilt from raw: a month of them, and time to notice that something is wrong with it",
  },
  text: {
    what: "the text of a scheduled message",
    unit: "characters",
    minimum: 1,
    maximum: 320,
    metBy: "`messages.NAME.text`",
    reason: "a phone shows the first 160 of them, and that must be the greater part",
  },
  placeName: {
    what: "the name of a place as people read it",
    unit: "characters",
    minimum: 1,
    maximum: 40,
    metBy: "`locations.NAME.name`",
    reason: "in an SMS of 160 characters it stands beside what happens, and how much of it",
  },
  silenceReason: {
    what: "why there is a silence",
    unit: "characters",
    minimum: 1,
    maximum: 120,
    metBy: "`silences.NAME.reason`",
    reason: "it is a note beside the dates",
  },
  formerNames: {
    what: "names that a person had before",
    unit: "names",
    minimum: 1,
    maximum: 10,
    metBy: "`subscriptions.NAME.was`",
    reason: "each may go when every stack was updated once with it",
  },
  runbookUrl: {
    what: "the URL of the runbook",
    unit: "characters",
    maximum: 100,
    metBy: "`runbookUrl`",
    reason: "with the stack and a section it is the id of S3's notification, of which AWS gives no length",
  },
  capSender: {
    what: "who issues CAP messages",
    unit: "characters",
    minimum: 1,
    maximum: 120,
    metBy: "`cap.sender`",
    reason: "it is a name and no text",
  },
  silentAfterPolls: {
    what: "polls without an observation after which a station counts as silent",
    unit: "polls",
    minimum: 1,
    maximum: 100,
    metBy: "`stations.silentAfterPolls`",
    reason: "at the default poll 100 of them are more than eight hours",
  },
  smsPrice: {
    what: "what a text may cost",
    unit: "US dollars a text",
    minimum: 0.001,
    maximum: 10,
    metBy: "`sms.maxPriceUsd`",
    reason: "a slip of the decimal point is found",
  },
  smsSpend: {
    what: "what the account may spend on texts in a month",
    unit: "US dollars a month",
    minimum: 1,
    maximum: 1_000_000,
    metBy: "`sms.monthlyLimitUsd`",
    reason: "a slip of the decimal point is found",
  },
} as const satisfies Record<string, OwnLimit>;
