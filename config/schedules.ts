import { differenceInMinutes } from "date-fns/differenceInMinutes";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  ScheduleExpressionError,
  type ScheduleKind,
} from "../lib/schedule-expression.ts";
import { LIMITS, OWN_LIMITS } from "./limits.ts";
import type { Refusal } from "./values.ts";

/** The first year that a cron expression can name. A preview finds schedules of the past: config/checks/schedules.ts */
const FIRST_DAY = new Date("1970-01-01T00:00:00Z");
const DAY_MILLIS = 86_400_000;

/** Why AWS rejects a schedule expression, or why it never runs, as on 31 February. */
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

/** {@link scheduleRefusal} for the text between the parentheses. */
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

/** Glue's default of 480 would bill a stuck job all night. */
export const JOB_TIMEOUT_MINUTES = 60;

/** An hour has 60 minutes, so this number of runs shows the shortest interval. */
const SAMPLED_RUNS = 61;

/** Why a Glue trigger rejects a schedule. It accepts cron without `#`, with at least five minutes between runs. */
export function glueScheduleRefusal(value: string): Refusal | undefined {
  const refusal = scheduleRefusal(value, ["cron"]);
  if (refusal !== undefined) return refusal;
  if (value.includes("#")) return { reason: "has #, which Glue does not know" };
  const runs = firstRunsOf(value, SAMPLED_RUNS);
  const { minimum } = LIMITS.triggerPeriod;
  const isTooOften = runs
    .slice(1)
    .some((run, index) => differenceInMinutes(run, runs[index] ?? SAMPLE_DAY) < minimum);
  return isTooOften ? { reason: `runs twice within ${minimum} minutes` } : undefined;
}

/** An arbitrary start for sample runs. */
export const SAMPLE_DAY = new Date("2024-01-01T00:00:00Z");

/** The runs of a schedule from the sample day on, in UTC. Endless unless the schedule ends. */
export function* runsOf(schedule: string): Generator<Date, void> {
  const expression = parseScheduleExpression(schedule);
  let run = nextRun(expression, SAMPLE_DAY);
  while (run !== undefined) {
    yield run;
    run = nextRun(expression, run);
  }
}

/** The first runs of a schedule, `count` at most. */
export function firstRunsOf(schedule: string, count: number): Date[] {
  const runs: Date[] = [];
  for (const run of runsOf(schedule)) {
    if (runs.push(run) === count) break;
  }
  return runs;
}
