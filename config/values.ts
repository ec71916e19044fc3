import { z } from "zod";
import { LANGUAGE_TAGS } from "../handlers/weather/messages/tags.ts";
import { LEVELS } from "../handlers/weather/rules/rules.ts";
import { HAZARD_PATTERN } from "../handlers/weather/rules/schema.ts";
import { nearestOf } from "../lib/nearest.ts";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  ScheduleExpressionError,
  type ScheduleKind,
} from "../lib/schedule-expression.ts";
import { isTimeZone } from "../lib/time-zone.ts";
import { LIMITS, type Limit, OWN_LIMITS, rangeOf } from "./limits.ts";

/** A scalar with what is allowed, said in words, and a value that would do. */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  allowed: string,
  example: string | number | boolean,
): Schema {
  return schema.meta({ allowed, example });
}

/** Why a text is refused, after "this one", and what was probably meant instead. */
export interface Refusal {
  readonly reason: string;
  readonly suggestion?: string | undefined;
}

/** A text with a check that can say more than that it failed. */
export function checked(refusalOf: (text: string) => Refusal | undefined): z.ZodString;
export function checked<Schema extends z.ZodType<string>>(
  refusalOf: (text: string) => Refusal | undefined,
  schema: Schema,
): Schema;
export function checked(
  refusalOf: (text: string) => Refusal | undefined,
  schema: z.ZodType<string> = z.string(),
): z.ZodType<string> {
  return schema.check(({ value, issues }) => {
    const refusal = refusalOf(value);
    if (refusal !== undefined) {
      issues.push({ code: "custom", input: value, message: refusal.reason, params: { refusal } });
    }
  });
}

/** A number within a limit; what is allowed is the limit's own words. */
export function number(limit: Limit, example: number) {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = limit;
  return described(z.number().min(minimum).max(maximum), rangeOf(limit), example);
}

/** A whole number within a limit. */
export function whole(limit: Limit, example: number) {
  return described(number(limit, example).int(), rangeOf(limit), example);
}

/** A text whose length in characters is within a limit, spaces around it left out. */
export function text(kind: string, { minimum, maximum }: Required<Limit>, example: string) {
  const allowed = `${kind} of ${minimum} to ${maximum} characters`;
  return described(z.string().trim().min(minimum).max(maximum), allowed, example);
}

export const key = described(
  z.string().regex(new RegExp(`^(?!constructor$)[a-z][a-z0-9-]{0,${OWN_LIMITS.name.maximum - 1}}$`)),
  `a name of 1 to ${OWN_LIMITS.name.maximum} lower-case letters, digits and hyphens that begins with a letter`,
  "porto-alegre",
);
export const timeZone = described(
  checked(timeZoneRefusal),
  "the name of an IANA time zone, such as America/Sao_Paulo or UTC",
  "America/Sao_Paulo",
);
export const level = described(z.enum(LEVELS), `one of ${LEVELS.join(", ")}`, "orange");
export const language = described(z.enum(LANGUAGE_TAGS), `one of ${LANGUAGE_TAGS.join(", ")}`, "pt-BR");
export const hazardName = described(z.string().regex(HAZARD_PATTERN), "a hazard's name", "rain");
export function clockTime(example: string) {
  return described(
    z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    "a local time of day, HH:MM, from 00:00 to 23:59",
    example,
  );
}
export const instant = described(
  z.iso.datetime({ offset: true }),
  "an ISO 8601 date and time with its offset from UTC",
  "2026-12-24T18:00:00-03:00",
);
export const httpUrl = described(
  z.url({ protocol: /^https?$/ }),
  "an http(s) URL",
  "https://api.example.org/hooks/weather",
);

function timeZoneRefusal(value: string): Refusal | undefined {
  if (/^(UTC|GMT)?[+-]?\d/.test(value)) return { reason: "is an offset from UTC" };
  const names = Intl.supportedValuesOf("timeZone");
  const same = names.find((name) => name.toLowerCase() === value.toLowerCase());
  if (same !== undefined && same !== value) return { reason: "differs in its capitals", suggestion: same };
  if (isTimeZone(value)) return undefined;
  const city = names.find((name) => name.endsWith(`/${value.trim().replaceAll(" ", "_")}`));
  return { reason: "is unknown", suggestion: city ?? nearestOf(value, names) };
}

/** The first that a cron expression can name. What is past by now is found at a preview: config/at-check.ts */
const FIRST_DAY = new Date("1970-01-01T00:00:00Z");
const DAY_MILLIS = 86_400_000;

/** Why AWS does not take a schedule expression, or why it never comes due, as on 31 February. */
export function scheduleRefusal(
  expression: string,
  kinds: readonly ScheduleKind[] = RULE_SCHEDULE_KINDS,
): Refusal | undefined {
  const { maximum } = LIMITS.scheduleExpression;
  if (expression.length > maximum) return { reason: `has ${expression.length} characters` };
  try {
    const parsed = parseScheduleExpression(expression, kinds);
    const longest = OWN_LIMITS.schedulePeriod.maximum;
    if (parsed.kind === "rate" && parsed.intervalMillis > longest * DAY_MILLIS) {
      return { reason: `is longer than ${longest} days` };
    }
    const isNeverDue = parsed.kind === "cron" && nextRun(parsed, FIRST_DAY) === undefined;
    return isNeverDue ? { reason: "never comes due" } : undefined;
  } catch (error) {
    if (!(error instanceof ScheduleExpressionError)) throw error;
    const isBare = !/\(.*\)/.test(expression);
    const meant =
      isBare && kinds.map((kind) => `${kind}(${expression})`).find((text) => isSchedule(text, kinds));
    return { reason: error.problem, suggestion: error.suggestion ?? (meant || undefined) };
  }
}

/** The same of what stands between the parentheses of one form. */
export function scheduleBodyRefusal(kind: ScheduleKind): (body: string) => Refusal | undefined {
  const bodyOf = (text = "") => new RegExp(`^${kind}\\((.*)\\)$`).exec(text)?.[1];
  return (body) => {
    const refusal = scheduleRefusal(`${kind}(${body})`, [kind]);
    if (refusal === undefined) return undefined;
    const bare = bodyOf(body);
    if (bare !== undefined) {
      const inner = scheduleRefusal(body, [kind]);
      const reason = `has ${kind}( ) around it, which the key ${kind} says already`;
      return inner === undefined
        ? { reason, suggestion: bare }
        : { reason: `${reason}, and ${inner.reason}`, suggestion: bodyOf(inner.suggestion) };
    }
    return { reason: refusal.reason, suggestion: bodyOf(refusal.suggestion) };
  };
}

function isSchedule(expression: string, kinds: readonly ScheduleKind[]): boolean {
  return scheduleRefusal(expression, kinds) === undefined;
}

export function isRuleSchedule(expression: string): boolean {
  return isSchedule(expression, RULE_SCHEDULE_KINDS);
}
