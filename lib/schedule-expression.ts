import { Cron } from "croner";
import { CronFieldError, toCronPattern } from "./schedule-cron.ts";
import { instantOfWallClock, isTimeZone, wallClockMillis } from "./time-zone.ts";

export type ScheduleExpression =
  /** `rate(5 minutes)` */
  | { readonly kind: "rate"; readonly text: string; readonly intervalMillis: number }
  /** `cron(0 8 ? * MON-FRI *)`; `pattern` is croner's, seconds first. */
  | { readonly kind: "cron"; readonly text: string; readonly pattern: string }
  /** `at(2024-04-30T12:00:00)`; the reading of a wall clock, in ms as if it were UTC. */
  | { readonly kind: "at"; readonly text: string; readonly wallClockMillis: number };

export type ScheduleKind = ScheduleExpression["kind"];

/** EventBridge rules, which know UTC only: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
export const RULE_SCHEDULE_KINDS: readonly ScheduleKind[] = ["rate", "cron"];
/** EventBridge Scheduler, in any time zone: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const SCHEDULER_SCHEDULE_KINDS: readonly ScheduleKind[] = ["rate", "cron", "at"];

/** Thrown for a schedule expression or a time zone that AWS would refuse. */
export class ScheduleExpressionError extends Error {
  override readonly name = "ScheduleExpressionError";
  readonly expression: string;
  /** What is wrong with it, without the expression itself: "has 5 fields; …". */
  readonly problem: string;
  /** The expression that was probably meant, where that can be said. */
  readonly suggestion: string | undefined;

  constructor(
    expression: string,
    problem: string,
    { suggestion, ...options }: ErrorOptions & { readonly suggestion?: string | undefined } = {},
  ) {
    super(`schedule expression ${expression}: ${problem}`, options);
    this.expression = expression;
    this.problem = problem;
    this.suggestion = suggestion;
  }
}

const UNIT_MILLIS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const EXAMPLES: Readonly<Record<ScheduleKind, string>> = {
  rate: "rate(5 minutes)",
  cron: "cron(0 8 ? * MON-FRI *)",
  at: "at(2024-04-30T12:00:00)",
};

/**
 * Reads a schedule expression of EventBridge, all of whose forms have a precision of a minute or more.
 *
 * @param kinds the forms that the service takes, e.g. {@link RULE_SCHEDULE_KINDS}
 * @throws ScheduleExpressionError naming the expression, what is wrong with it and what is allowed.
 */
export function parseScheduleExpression(
  text: string,
  kinds: readonly ScheduleKind[] = SCHEDULER_SCHEDULE_KINDS,
): ScheduleExpression {
  const [, word = "", body = ""] = /^(\w+)\((.*)\)$/.exec(text) ?? [];
  const kind = kinds.find((candidate) => candidate === word);
  switch (kind) {
    case "rate":
      return parseRate(text, body);
    case "cron":
      return parseCron(text, body);
    case "at":
      return parseAt(text, body);
    case undefined:
      throw new ScheduleExpressionError(
        text,
        `is not of the form ${kinds.map((each) => EXAMPLES[each]).join(" or ")}`,
      );
  }
}

/** @throws ScheduleExpressionError unless `timeZone` is an IANA time zone such as `America/Sao_Paulo` or `UTC`. */
export function checkTimeZone(expression: string, timeZone: string): void {
  if (!isTimeZone(timeZone))
    throw new ScheduleExpressionError(
      expression,
      `time zone ${timeZone} is unknown; allowed are IANA names such as America/Sao_Paulo or UTC`,
    );
}

/**
 * The first run later than `after`, or undefined when there is none. A rate counts from `after` (its last run), and a
 * day of a rate is 24 hours. A cron time that daylight saving time skips does not run that day; one that comes twice
 * runs the first time only, before the shift. What AWS does with an `at` in the hour that is skipped it does not say:
 * here it never runs.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
 *
 * @param timeZone IANA name; rules of EventBridge know UTC only
 * @throws ScheduleExpressionError for an unknown time zone.
 */
export function nextRun(expression: ScheduleExpression, after: Date, timeZone = "UTC"): Date | undefined {
  checkTimeZone(expression.text, timeZone);
  switch (expression.kind) {
    case "rate":
      return new Date(after.getTime() + expression.intervalMillis);
    case "cron":
      return nextCronRun(expression.pattern, after, timeZone);
    case "at": {
      const instant = instantOfWallClock(expression.wallClockMillis, timeZone);
      return instant && instant > after ? instant : undefined;
    }
  }
}

function nextCronRun(pattern: string, after: Date, timeZone: string): Date | undefined {
  // croner runs on the wall clock taken for UTC, where no hour is missing or double; the zone is applied to its result.
  const cron = new Cron(pattern, {
    mode: "7-part",
    alternativeWeekdays: true,
    domAndDow: true,
    timezone: "UTC",
  });
  const wholeSecond = Math.floor(wallClockMillis(after, timeZone) / 1000) * 1000;
  let wall = cron.nextRun(new Date(wholeSecond));
  while (wall !== null) {
    const instant = instantOfWallClock(wall.getTime(), timeZone);
    if (instant && instant > after) return instant;
    wall = cron.nextRun(wall);
  }
  return undefined;
}

function parseRate(text: string, body: string): ScheduleExpression {
  const [, digits = "", unit = "", plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const value = Number(digits);
  const unitMillis = UNIT_MILLIS[unit];
  if (unitMillis === undefined || !Number.isSafeInteger(value) || value < 1)
    throw new ScheduleExpressionError(
      text,
      `has ${body === "" ? "nothing" : body} as its rate; allowed is a whole number above 0 and minute(s), hour(s) or day(s)`,
    );
  const rightUnit = value === 1 ? unit : `${unit}s`;
  if (rightUnit !== `${unit}${plural}`)
    throw new ScheduleExpressionError(
      text,
      `has the unit ${unit}${plural} for a value of ${value}; allowed is ${rightUnit}`,
      { suggestion: `rate(${value} ${rightUnit})` },
    );
  return { kind: "rate", text, intervalMillis: value * unitMillis };
}

function parseCron(text: string, body: string): ScheduleExpression {
  try {
    return { kind: "cron", text, pattern: toCronPattern(body) };
  } catch (error) {
    if (error instanceof CronFieldError)
      throw new ScheduleExpressionError(text, error.message, {
        cause: error,
        suggestion: error.suggestion && `cron(${error.suggestion})`,
      });
    throw error;
  }
}

function parseAt(text: string, body: string): ScheduleExpression {
  const millis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  // Date.parse rolls 30 February over to March; the round trip finds that.
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(body))
    throw new ScheduleExpressionError(
      text,
      `has ${body} as its time; allowed is a date that exists, as YYYY-MM-DDThh:mm:ss`,
    );
  return { kind: "at", text, wallClockMillis: millis };
}
