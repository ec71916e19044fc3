import { z } from "zod";
import { peopleSchema } from "./config-people.ts";
import { placesSchema } from "./config-places.ts";
import { described, isRuleSchedule, json } from "./config-values.ts";
import { isGlueSchedule } from "./lake-schedules.ts";

/** Retention periods that CloudWatch Logs accepts, in days. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * What the providers give without pay. Tomorrow.io: https://docs.tomorrow.io/reference/api-rate-limits; Open-Meteo asks
 * for fewer than 10,000 a day: https://open-meteo.com/en/terms
 */
const FREE_PLANS = {
  "tomorrow.io": { callsPerDay: 500, callsPerHour: 25 },
  "open-meteo": { callsPerDay: 9_999, callsPerHour: undefined },
} as const;

const GLUE_SCHEDULE = "an AWS cron(…) expression, UTC, without #, that never runs twice within 5 minutes";

/** The whole of a stack's config, `stormwire:KEY` by key. */
export const stackConfigSchema = z.strictObject({
  ...placesSchema,
  ...peopleSchema,
  source: json(
    z
      .strictObject({
        provider: described(
          z.enum(["tomorrow.io", "open-meteo"]),
          "tomorrow.io or open-meteo",
          "tomorrow.io",
        ),
        baseUrl: described(
          z.url({ protocol: /^https?$/ }).optional(),
          "an http(s) URL",
          "https://api.tomorrow.io",
        ),
        /** Of the plan; the free one, unless it is named. */
        callsPerDay: described(z.number().int().min(1).optional(), "a whole number of calls, 1 or more", 500),
        /** Unlimited, where only the day is named. */
        callsPerHour: described(z.number().int().min(1).optional(), "a whole number of calls, 1 or more", 25),
      })
      .transform(({ callsPerDay, callsPerHour, ...source }) => {
        const free = FREE_PLANS[source.provider];
        return {
          ...source,
          callsPerDay: callsPerDay ?? free.callsPerDay,
          callsPerHour: callsPerHour ?? (callsPerDay === undefined ? free.callsPerHour : undefined),
        };
      }),
  ).prefault({ provider: "tomorrow.io" }),
  apiKey: described(z.string().min(1).optional(), "the API key of tomorrow.io, as a secret", "KEY"),
  poll: described(
    z.string().refine(isRuleSchedule),
    "rate(N minutes) or an AWS cron(…) expression",
    "rate(5 minutes)",
  ).default("rate(5 minutes)"),
  stream: json(
    z.strictObject({
      mode: described(
        z.enum(["provisioned", "on-demand"]),
        "provisioned or on-demand",
        "provisioned",
      ).default("provisioned"),
      shards: described(z.number().int().min(1).max(20).default(1), "a whole number of shards, 1 to 20", 1),
      retentionHours: described(z.number().int().min(24).max(8760).default(24), "hours, 24 to 8760", 24),
    }),
  ).prefault({}),
  archive: json(
    z.strictObject({
      batchSize: described(z.number().int().min(1).max(10_000).default(1000), "records, 1 to 10000", 1000),
      windowSeconds: described(z.number().int().min(0).max(300).default(60), "seconds, 0 to 300", 60),
    }),
  ).prefault({}),
  lake: json(
    z.strictObject({
      // A crawl bills ten minutes or more of each DPU, for days that Athena sees without it: docs/cost.md
      schedule: described(z.string().refine(isGlueSchedule), GLUE_SCHEDULE, "cron(30 0 * * ? *)").default(
        "cron(30 0 * * ? *)",
      ),
      jobSchedule: described(
        z.string().refine(isGlueSchedule).optional(),
        GLUE_SCHEDULE,
        "cron(30 0 ? * MON-SAT *)",
      ),
      scanLimitMegabytes: described(z.number().int().min(10).default(1024), "megabytes, 10 or more", 1024),
      rawRetentionDays: described(z.number().int().min(40).default(365), "days, 40 or more", 365),
    }),
  ).prefault({}),
  logRetentionDays: json(
    described(
      z.number().refine((days) => LOG_RETENTION_DAYS.includes(days)),
      `one of ${LOG_RETENTION_DAYS.join(", ")}`,
      30,
    ),
  ).prefault(30),
  opsEmail: described(z.email().optional(), "an e-mail address that hears of alarms", "ops@example.org"),
  runbookUrl: described(
    // It is part of the id of S3's notification, and of a template of EventBridge, where <…> is a variable.
    z
      .url({ protocol: /^https$/ })
      .regex(/^[^\s<>"\\#]{1,100}$/)
      .optional(),
    'an https URL of 100 characters at most, without spaces and < > " \\ #',
    "https://github.com/example/stormwire/blob/main/docs/runbook.md",
  ),
  costCenter: described(
    z.string().regex(/^[A-Za-z0-9 _.:/=+@-]{1,256}$/),
    "1 to 256 letters, digits, spaces and _ . : / = + - @",
    "weather",
  ).default("weather"),
  protect: json(described(z.boolean(), "true or false", true)).prefault(true),
});

export type StormwireConfig = z.infer<typeof stackConfigSchema>;

/** What says which rules there are, and what names them. No secret is in it. */
export const ruleConfigSchema = z.strictObject({ ...placesSchema, messages: peopleSchema.messages });

export type RuleConfig = z.infer<typeof ruleConfigSchema>;
