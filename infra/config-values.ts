import { z } from "zod";
import { nextRun, parseScheduleExpression } from "../aws/schedule-expression.ts";
import { LANGUAGE_TAGS } from "../handlers/weather/messages/language.ts";
import { HAZARD_PATTERN } from "../handlers/weather/rule-schema.ts";
import { LEVELS } from "../handlers/weather/rules.ts";
import { LIMITS } from "./aws-limits.ts";
import { type Limit, rangeOf } from "./limit.ts";
import { OWN_LIMITS } from "./own-limits.ts";

/** A scalar with what is allowed, said in words, and a value that would do. */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  allowed: string,
  example: string | number | boolean,
): Schema {
  return schema.meta({ allowed, example });
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
export const timeZone = described(z.string().refine(isTimeZone), "an IANA time zone", "America/Sao_Paulo");
export const level = described(z.enum(LEVELS), `one of ${LEVELS.join(", ")}`, "orange");
export const language = described(z.enum(LANGUAGE_TAGS), `one of ${LANGUAGE_TAGS.join(", ")}`, "pt-BR");
export const hazardName = described(z.string().regex(HAZARD_PATTERN), "a hazard's name", "rain");
export const clockTime = described(
  z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  "a local time of day, HH:MM",
  "22:00",
);
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

/** The first that a cron expression can name. What is past by now is found at a preview: infra/config-at-check.ts */
const FIRST_DAY = new Date("1970-01-01T00:00:00Z");

/** Whether AWS takes it as a schedule expression, `rate(…)`, `cron(…)` or `at(…)`, and it ever comes due: not on 31 February. */
export function isSchedule(expression: string): boolean {
  try {
    if (expression.length > LIMITS.scheduleExpression.maximum) return false;
    const parsed = parseScheduleExpression(expression);
    return parsed.kind !== "cron" || nextRun(parsed, FIRST_DAY) !== undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "ScheduleExpressionError") {
      return false;
    }
    throw error;
  }
}

export function isRuleSchedule(value: string): boolean {
  return /^(rate|cron)\(/.test(value) && isSchedule(value);
}
