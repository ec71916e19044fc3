import { z } from "zod";
import { LIMITS, OWN_LIMITS } from "./limits.ts";
import { locationsSchema } from "./locations.ts";
import { peopleSchema } from "./people.ts";
import { glueScheduleRefusal, scheduleRefusal } from "./schedules.ts";
import { checked, described, whole } from "./values.ts";

const LOG_RETENTION_DAYS: readonly number[] = LIMITS.logRetention.values;

/**
 * Free plans of the providers. Tomorrow.io: https://docs.tomorrow.io/reference/api-rate-limits; Open-Meteo asks
 * for fewer than 10,000 a day: https://open-meteo.com/en/terms
 */
const FREE_PLANS = {
  "tomorrow.io": { callsPerDay: 500, callsPerHour: 25 },
  "open-meteo": { callsPerDay: 9_999, callsPerHour: undefined },
} as const;

const GLUE_SCHEDULE = `an AWS cron(…) expression that comes due, UTC, without #, that never runs twice within ${LIMITS.triggerPeriod.minimum} minutes`;

/** The config of a stack: `stormwire:KEY` by key. */
export const stackConfigSchema = z.strictObject({
  ...locationsSchema,
  ...peopleSchema,
  source: z
    .strictObject({
      provider: described(z.enum(["tomorrow.io", "open-meteo"]), "tomorrow.io or open-meteo", "tomorrow.io"),
      baseUrl: described(
        z.url({ protocol: /^https?$/ }).optional(),
        "an http(s) URL",
        "https://api.tomorrow.io",
      ),
      /** Defaults to the free plan. */
      callsPerDay: described(z.number().int().min(1).optional(), "a whole number of calls, 1 or more", 500),
      /** Defaults to the free plan, or to unlimited when only the calls per day are set. */
      callsPerHour: described(z.number().int().min(1).optional(), "a whole number of calls, 1 or more", 25),
    })
    .transform(({ callsPerDay, callsPerHour, ...source }) => {
      const free = FREE_PLANS[source.provider];
      return {
        ...source,
        callsPerDay: callsPerDay ?? free.callsPerDay,
        callsPerHour: callsPerHour ?? (callsPerDay === undefined ? free.callsPerHour : undefined),
      };
    })
    .prefault({ provider: "tomorrow.io" }),
  apiKey: described(
    z
      .string()
      .min(1)
      .refine((key) => Buffer.byteLength(key) <= LIMITS.parameter.maximum)
      .optional(),
    `the API key of tomorrow.io, ${LIMITS.parameter.maximum} bytes at most, as a secret`,
    "KEY",
  ),
  poll: described(
    checked((value) => scheduleRefusal(value)),
    `rate(…) of ${LIMITS.schedulePeriod.minimum} minute to ${OWN_LIMITS.schedulePeriod.maximum} days, or an AWS cron(…) expression that comes due, UTC, ${LIMITS.scheduleExpression.maximum} characters at most`,
    "rate(5 minutes)",
  ).default("rate(5 minutes)"),
  stream: z
    .strictObject({
      mode: described(
        z.enum(["provisioned", "on-demand"]),
        "provisioned or on-demand",
        "provisioned",
      ).default("provisioned"),
      shards: whole(OWN_LIMITS.shards, 1).default(1),
      retentionHours: whole(LIMITS.streamRetention, 24).default(24),
    })
    .prefault({}),
  archive: z
    .strictObject({
      batchSize: whole(LIMITS.batchRecords, 1000).default(1000),
      windowSeconds: whole(LIMITS.batchWindow, 60).default(60),
    })
    .prefault({}),
  lake: z
    .strictObject({
      // A crawl bills ten minutes or more of each DPU, for days that Athena sees without it: docs/cost.md
      schedule: described(checked(glueScheduleRefusal), GLUE_SCHEDULE, "cron(30 0 * * ? *)").default(
        "cron(30 0 * * ? *)",
      ),
      jobSchedule: described(
        checked(glueScheduleRefusal).optional(),
        GLUE_SCHEDULE,
        "cron(30 0 ? * MON-SAT *)",
      ),
      scanLimitMegabytes: whole(LIMITS.scanLimit, 1024).default(1024),
      rawRetentionDays: whole(OWN_LIMITS.rawRetention, 365).default(365),
    })
    .prefault({}),
  logRetentionDays: described(
    z.number().refine((days) => LOG_RETENTION_DAYS.includes(days)),
    `one of ${LOG_RETENTION_DAYS.join(", ")}`,
    30,
  ).prefault(30),
  opsEmail: described(z.email().optional(), "an e-mail address that receives alarms", "ops@example.org"),
  runbookUrl: described(
    // Part of the id of S3's notification and of an EventBridge template, in which <…> is a variable.
    z
      .url({ protocol: /^https$/ })
      .regex(/^[^\s<>"\\#]+$/)
      .max(OWN_LIMITS.runbookUrl.maximum)
      .optional(),
    `an https URL of ${OWN_LIMITS.runbookUrl.maximum} characters at most, without spaces and < > " \\ #`,
    "https://github.com/example/stormwire/blob/main/docs/runbook.md",
  ),
  costCenter: described(
    z.string().regex(new RegExp(`^(?!aws:)[A-Za-z0-9 _.:/=+@-]{1,${LIMITS.tagValue.maximum}}$`, "i")),
    `1 to ${LIMITS.tagValue.maximum} letters, digits, spaces and _ . : / = + - @, not beginning with aws:`,
    "weather",
  ).default("weather"),
  protect: described(z.boolean(), "true or false", true).prefault(true),
});

export type StormwireConfig = z.infer<typeof stackConfigSchema>;

/** The keys that declare rules or refer to them. */
export type RuleConfig = Pick<StormwireConfig, keyof typeof locationsSchema | "messages">;
