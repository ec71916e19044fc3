import { nextRun, parseScheduleExpression } from "../lib/schedule-expression.ts";

/** Any day will do: schedules of ours do not depend on it, but for those of cron that leave some days out. */
export const SAMPLE_DAY = new Date("2024-01-01T00:00:00Z");

/** When a schedule runs from the sample day on, UTC; without end, unless the schedule has one. */
export function* runsOf(schedule: string): Generator<Date, void> {
  const expression = parseScheduleExpression(schedule);
  let run = nextRun(expression, SAMPLE_DAY);
  while (run !== undefined) {
    yield run;
    run = nextRun(expression, run);
  }
}

/** The first of them, at most so many. */
export function firstRunsOf(schedule: string, count: number): Date[] {
  const runs: Date[] = [];
  for (const run of runsOf(schedule)) {
    if (runs.push(run) === count) break;
  }
  return runs;
}
