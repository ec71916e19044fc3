import { z } from "zod";
import { parseScheduleExpression } from "../aws/schedule-expression.ts";
import { LANGUAGE_TAGS } from "../handlers/weather/messages/language.ts";
import { type PresetName, presets } from "../handlers/weather/presets/presets.ts";
import { LEVELS, ruleSchema } from "../handlers/weather/rules.ts";

/** Retention periods that CloudWatch Logs accepts, in days. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Pulumi hands structured config values over as JSON text. */
function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess(parseJsonText, schema);
}

function parseJsonText(value: unknown): unknown {
  if (typeof value !== "string") {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return value; // the schema then says what is allowed in its place
    }
    throw error;
  }
}

/** A scalar with what is allowed, said in words, and a value that would do. */
function described<Schema extends z.ZodType>(
  schema: Schema,
  allowed: string,
  example: string | number | boolean,
): Schema {
  return schema.meta({ allowed, example });
}

const key = described(
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  "a name of 1 to 40 lower-case letters, digits and hyphens that begins with a letter",
  "porto-alegre",
);
const timeZone = described(z.string().refine(isTimeZone), "an IANA time zone", "America/Sao_Paulo");
const level = described(z.enum(LEVELS), `one of ${LEVELS.join(", ")}`, "orange");
const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

const location = z.strictObject({
  name: described(z.string().trim().min(1).max(40), "a place name of 1 to 40 characters", "Porto Alegre"),
  latitude: described(z.number().min(-90).max(90), "degrees north, -90 to 90", -30.0536),
  longitude: described(z.number().min(-180).max(180), "degrees east, -180 to 180", -51.1747),
  timeZone,
});

const subscription = z
  .strictObject({
    sms: described(z.e164().optional(), "a phone number in E.164: + and 7 to 15 digits", "+5551999990000"),
    email: described(z.email().optional(), "an e-mail address", "duty@example.org"),
    level: level.default("yellow"),
    locations: z.array(key).min(1).max(75).optional(),
  })
  .refine((value) => value.sms !== undefined || value.email !== undefined)
  .meta({
    allowed: "an object with sms, email or both",
    example: '{"sms":"+5551999990000","level":"orange"}',
  });

const message = z
  .strictObject({
    cron: described(
      z.string().refine(isCron).optional(),
      "six fields of an AWS cron expression",
      "0 7 * * ? *",
    ),
    at: described(z.string().refine(isAt).optional(), "a local date and time", "2026-12-24T18:00:00"),
    timeZone,
    text: described(
      z.string().trim().min(1).max(320).optional(),
      "a text of 1 to 320 characters",
      "Siren test at noon",
    ),
    digest: described(z.literal(true).optional(), "true", true),
    audience: z.union([z.literal("all"), z.array(key).min(1)]).default("all"),
  })
  .refine((value) => (value.cron === undefined) !== (value.at === undefined))
  .refine((value) => (value.text === undefined) !== (value.digest === undefined))
  .meta({
    allowed: "an object with cron or at, timeZone, and text or digest",
    example: '{"cron":"0 7 * * ? *","timeZone":"America/Sao_Paulo","digest":true}',
  });

/** The whole of a stack's config, `stormwire:KEY` by key. */
export const stackConfigSchema = z.strictObject({
  locations: json(z.record(key, location).refine((value) => Object.keys(value).length > 0)).meta({
    allowed: "one or more places by name",
    example:
      '{"porto-alegre":{"name":"Porto Alegre","latitude":-30.0536,"longitude":-51.1747,"timeZone":"America/Sao_Paulo"}}',
  }),
  source: json(
    z.strictObject({
      provider: described(z.enum(["tomorrow.io", "open-meteo"]), "tomorrow.io or open-meteo", "tomorrow.io"),
      baseUrl: described(
        z.url({ protocol: /^https?$/ }).optional(),
        "an http(s) URL",
        "https://api.tomorrow.io",
      ),
      callsPerDay: described(z.number().int().min(1).default(500), "a whole number of calls, 1 or more", 500),
    }),
  ).prefault({ provider: "tomorrow.io" }),
  apiKey: described(z.string().min(1).optional(), "the API key of tomorrow.io, as a secret", "KEY"),
  poll: described(
    z.string().refine(isRuleSchedule),
    "rate(N minutes) or an AWS cron(…) expression",
    "rate(5 minutes)",
  ).default("rate(5 minutes)"),
  language: described(z.enum(LANGUAGE_TAGS), `one of ${LANGUAGE_TAGS.join(", ")}`, "pt-BR").default("pt-BR"),
  rules: json(
    z.strictObject({
      preset: described(z.enum(presetNames), `one of ${presetNames.join(", ")}`, "inmet"),
      hazards: z.array(ruleSchema).default([]),
    }),
  ).prefault({ preset: "inmet" }),
  subscriptions: json(z.record(key, subscription)).prefault({}),
  messages: json(z.record(key, message)).prefault({}),
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
      schedule: described(
        z.string().refine(isRuleSchedule),
        "an AWS cron(…) expression, UTC",
        "cron(30 0 * * ? *)",
      ).default("cron(30 0 * * ? *)"),
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
  protect: json(described(z.boolean(), "true or false", true)).prefault(true),
});

export type StormwireConfig = z.infer<typeof stackConfigSchema>;

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) {
      return false;
    }
    throw error;
  }
}

function isSchedule(expression: string): boolean {
  try {
    return parseScheduleExpression(expression) !== undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ScheduleExpressionError") {
      return false;
    }
    throw error;
  }
}

function isRuleSchedule(value: string): boolean {
  return /^(rate|cron)\(/.test(value) && isSchedule(value);
}

function isCron(value: string): boolean {
  return isSchedule(`cron(${value})`);
}

function isAt(value: string): boolean {
  return isSchedule(`at(${value})`);
}
