import { isRuleSchedule } from "../../config/schedules.ts";
import { UserError } from "../../lib/user-error.ts";
import { ASSUMPTION_NAMES, ASSUMPTIONS, type AssumptionName, type Assumptions } from "./assumptions.ts";

export interface CostOptions {
  readonly stack: string;
  /** In place of as many as config has. */
  readonly locations: number | undefined;
  /** EventBridge expression in place of config's. */
  readonly poll: string | undefined;
  readonly phones: number | undefined;
  readonly mailboxes: number | undefined;
  /** US dollars. */
  readonly smsPrice: number | undefined;
  readonly assumptions: Partial<Assumptions>;
  readonly freeTier: boolean;
  readonly json: boolean;
}

/** Option values as they were typed. */
interface Typed {
  readonly stack: string;
  readonly locations?: string | undefined;
  readonly poll?: string | undefined;
  readonly phones?: string | undefined;
  readonly mailboxes?: string | undefined;
  readonly smsPrice?: string | undefined;
  readonly alerts?: string | undefined;
  readonly queries?: string | undefined;
  readonly assume: readonly string[];
  readonly freeTier: boolean;
  readonly json: boolean;
}

const MOST_LOCATIONS = 100_000;
const MOST_SUBSCRIBERS = 1_000_000;

/** @throws {UserError} for a value that is not allowed */
export function parseOptions(typed: Typed): CostOptions {
  const { stack, freeTier, json } = typed;
  return {
    stack,
    freeTier,
    json,
    locations: optional(typed.locations, (text) => wholeNumber("--locations", text, 1, MOST_LOCATIONS)),
    poll: optional(typed.poll, parsePoll),
    phones: optional(typed.phones, (text) => wholeNumber("--phones", text, 0, MOST_SUBSCRIBERS)),
    mailboxes: optional(typed.mailboxes, (text) => wholeNumber("--mailboxes", text, 0, MOST_SUBSCRIBERS)),
    smsPrice: optional(typed.smsPrice, (text) => number("--sms-price", text, 0, 10)),
    assumptions: Object.fromEntries([
      ...shortcut("--alerts", typed.alerts, "alertsPerPlace"),
      ...shortcut("--queries", typed.queries, "queries"),
      ...typed.assume.map(parseAssumption),
    ]),
  };
}

function optional<Value>(text: string | undefined, parse: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : parse(text);
}

const UNITS: Readonly<Record<string, string>> = { m: "minute", h: "hour", d: "day" };

function parsePoll(text: string): string {
  const [, digits, unit = ""] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? [];
  const expression =
    digits === undefined ? text : `rate(${digits} ${UNITS[unit]}${digits === "1" ? "" : "s"})`;
  if (isRuleSchedule(expression)) return expression;
  throw refusal("--poll", text, "1m to 9999d (m, h or d), or rate(…) or cron(…) of EventBridge");
}

function shortcut(option: string, text: string | undefined, name: AssumptionName) {
  return text === undefined ? [] : [assumption(option, text, name)];
}

function parseAssumption(text: string): readonly [AssumptionName, number] {
  const [, key, value = ""] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const name = ASSUMPTION_NAMES.find((candidate) => candidate === key);
  if (name === undefined) {
    throw refusal("--assume", text, `NAME=NUMBER with one of the names ${ASSUMPTION_NAMES.join(", ")}`);
  }
  return assumption(`--assume ${name}`, value, name);
}

function assumption(option: string, text: string, name: AssumptionName): readonly [AssumptionName, number] {
  const { min, max } = ASSUMPTIONS[name];
  return [name, number(option, text, min, max)];
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw refusal(option, text, `a whole number, ${min} to ${max}`);
}

function number(option: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw refusal(option, text, `a number, ${min} to ${max}`);
}

function refusal(option: string, text: string, allowed: string): UserError {
  return new UserError(`${option} ${text} is not allowed: ${allowed}`);
}
