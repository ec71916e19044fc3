import { nextRun, parseScheduleExpression } from "../../lib/schedule-expression.ts";

export const HOURS_A_MONTH = 730;
/** 365 days by 12. */
export const DAYS_A_MONTH = 365 / 12;

const DAY_MILLIS = 86_400_000;
const SAMPLE_START = new Date("2023-01-01T00:00:00Z");
const WEEK_DAYS = 7;
const YEAR_DAYS = 365;

/** A cron expression of any day of the month, of the weekdays that it names, in any month and year: a week tells all. */
const IS_WEEKLY = /^cron\(\S+ \S+ [*?] \* [^L#\s]+ \*\)$/;

const known = new Map<string, number>();

/** How often a schedule runs in a month of 730 h, on average; a one-off counts as one run. */
export function runsPerMonth(expression: string, timeZone = "UTC"): number {
  const key = `${expression} ${timeZone}`;
  const runs = known.get(key) ?? countRuns(expression, timeZone);
  known.set(key, runs);
  return runs;
}

function countRuns(expression: string, timeZone: string): number {
  const parsed = parseScheduleExpression(expression);
  if (parsed.kind === "rate") return (HOURS_A_MONTH * 3_600_000) / parsed.intervalMillis;
  if (parsed.kind === "at") return 1;
  const days = IS_WEEKLY.test(expression) ? WEEK_DAYS : YEAR_DAYS;
  return (runsWithin(days) * DAYS_A_MONTH) / days;

  function runsWithin(days: number): number {
    const end = SAMPLE_START.getTime() + days * DAY_MILLIS;
    let count = 0;
    // The first instant counts, the last does not.
    let run = nextRun(parsed, new Date(SAMPLE_START.getTime() - 1000), timeZone);
    while (run !== undefined && run.getTime() < end) {
      count += 1;
      run = nextRun(parsed, run, timeZone);
    }
    return count;
  }
}
