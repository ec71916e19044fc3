import { isRuleSchedule } from "../../config/values.ts";
import { parseCommandLine, UsageError } from "../../local/command-line.ts";
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
  /** Output folder of a local run whose figures are to be measured, instead of a bill. */
  readonly measure: string | undefined;
}

const MOST_PLACES = 100_000;
const MOST_SUBSCRIBERS = 1_000_000;

export const HELP = `npm run cost -- [options]     what a stack costs a month on AWS

  --stack NAME           stack whose Pulumi.NAME.yaml to read (default: dev)
  --locations N          as if there were N places
  --poll TIME            as if polled each 5m, 1h, 1d, or by rate(…) or cron(…)
  --phones N             as if N phones heard of every alert, in place of config's
  --mailboxes N          as if N mailboxes did
  --sms-price USD        of one text; what the program pays at most (stormwire:sms.maxPriceUsd), unless it is given
  --alerts N             alerts a place and month
  --queries N            Athena queries a month
  --assume NAME=NUMBER   any assumption that is listed below the bill; as often as you like
  --no-free-tier         without what AWS never charges for, e.g. where other stacks of the account use it up
  --json                 the same for scripts (npm run --silent cost -- --json prints nothing else)
  --measure DIR          instead of a bill: the assumptions that a local run's output folder can tell
  --help                 this text

It needs neither an account nor the Pulumi CLI: secrets of the config are replaced by placeholders.

Exit code: 0 printed, 2 bad input.
`;

/** Reads the command line of `npm run cost`. Returns undefined for `--help`. Throws {@link UsageError}. */
export function parseOptions(argv: readonly string[]): CostOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: {
        stack: { type: "string", default: "dev" },
        locations: { type: "string" },
        poll: { type: "string" },
        phones: { type: "string" },
        mailboxes: { type: "string" },
        "sms-price": { type: "string" },
        alerts: { type: "string" },
        queries: { type: "string" },
        assume: { type: "string", multiple: true, default: [] },
        "no-free-tier": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        measure: { type: "string" },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run cost -- --help",
  );
  if (values.help) return undefined;
  const { stack, locations, poll, phones, mailboxes, alerts, queries, assume, json, measure } = values;
  return {
    stack,
    locations: optional(locations, (text) => wholeNumber("--locations", text, 1, MOST_PLACES)),
    poll: optional(poll, parsePoll),
    phones: optional(phones, (text) => wholeNumber("--phones", text, 0, MOST_SUBSCRIBERS)),
    mailboxes: optional(mailboxes, (text) => wholeNumber("--mailboxes", text, 0, MOST_SUBSCRIBERS)),
    smsPrice: optional(values["sms-price"], (text) => number("--sms-price", text, 0, 10)),
    assumptions: Object.fromEntries([
      ...shortcut("--alerts", alerts, "alertsPerPlace"),
      ...shortcut("--queries", queries, "queries"),
      ...assume.map(parseAssumption),
    ]),
    freeTier: !values["no-free-tier"],
    json,
    measure,
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

function refusal(option: string, text: string, allowed: string): UsageError {
  return new UsageError(`${option} ${text} is not allowed: ${allowed}`);
}
