import parsePhoneNumber from "libphonenumber-js/max";
import { z } from "zod";
import { LANGUAGE_TAGS } from "../handlers/weather/messages/tags.ts";
import { LEVELS } from "../handlers/weather/rules/rules.ts";
import { HAZARD_PATTERN } from "../handlers/weather/rules/schema.ts";
import { nearestOf } from "../lib/nearest.ts";
import { isTimeZone } from "../lib/time-zone.ts";
import { type Limit, OWN_LIMITS, rangeOf } from "./limits.ts";

/** A scalar with a description of what is allowed and an example. */
export function described<Schema extends z.ZodType>(
  schema: Schema,
  allowed: string,
  example: string | number | boolean,
): Schema {
  return schema.meta({ allowed, example });
}

/** Why a text is rejected, as the end of a sentence about "this one", and what was probably meant. */
export interface Refusal {
  readonly reason: string;
  readonly suggestion?: string | undefined;
}

/** A text with a check that explains why it failed. */
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

/** A number within a limit. */
export function number(limit: Limit, example: number) {
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = limit;
  return described(z.number().min(minimum).max(maximum), rangeOf(limit), example);
}

/** A whole number within a limit. */
export function whole(limit: Limit, example: number) {
  return described(number(limit, example).int(), rangeOf(limit), example);
}

/** A trimmed text whose length in characters is within a limit. */
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

/** Kinds of number that receive no SMS: https://github.com/google/libphonenumber */
const WITHOUT_TEXTS: Readonly<Record<string, string>> = {
  FIXED_LINE: "a landline, which receives no SMS",
  TOLL_FREE: "a toll-free number, which receives no SMS",
  PREMIUM_RATE: "a premium-rate number, which receives no SMS",
  SHARED_COST: "a shared-cost number, which receives no SMS",
  UAN: "a company's number, which receives no SMS",
  VOICEMAIL: "a voicemail, which receives no SMS",
};

/** Why an E.164 number receives no SMS, according to the numbering plan of its country. */
export function phoneRefusal(number: string): Refusal | undefined {
  const type = parsePhoneNumber(number)?.getType();
  const kind = type === undefined ? undefined : WITHOUT_TEXTS[type];
  return kind === undefined ? undefined : { reason: `is ${kind}` };
}

/** Why an accepted number is probably not a person's. */
export function phoneDoubt(number: string): string | undefined {
  // https://www.nanpa.com/numbering/555-line-numbers
  if (/^\+1\d{3}55501\d\d$/.test(number)) return "is reserved for examples, and belongs to no person";
  const phone = parsePhoneNumber(number);
  if (phone?.isValid()) return undefined;
  return "is not in the numbering plan of its country; is a digit missing or too many?";
}
