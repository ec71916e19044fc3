import { addDays } from "date-fns/addDays";
import { nextRun, parseScheduleExpression } from "../aws/schedule-expression.ts";
import type { StormwireConfig } from "./config-schema.ts";

/** Any day will do: schedules of polls do not depend on it, but for those of cron that leave some days out. */
const SAMPLE_DAY = new Date("2024-01-01T00:00:00Z");

/** When a schedule runs from the sample day on; without end, unless the schedule has one. */
function* runsOf(schedule: string): Generator<Date, void> {
  const expression = parseScheduleExpression(schedule);
  let run = nextRun(expression, SAMPLE_DAY);
  while (run !== undefined) {
    yield run;
    run = nextRun(expression, run);
  }
}

/** Calls that the poll rate makes of the weather API in a day. Tomorrow.io takes one place a call, Open-Meteo all of them. */
export function callsPerDay({
  poll,
  source,
  locations,
}: Pick<StormwireConfig, "poll" | "source" | "locations">): number {
  const end = addDays(SAMPLE_DAY, 1);
  let polls = 0;
  for (const run of runsOf(poll)) {
    if (run > end) break;
    polls += 1;
  }
  return polls * (source.provider === "tomorrow.io" ? Object.keys(locations).length : 1);
}

/** A cron expression that names days of the week has seen all of them by then. */
const SAMPLE_DAYS = 7;

/** Seconds that so many polls take where they lie furthest apart; 0 for a schedule that does not run so often. */
export function longestSpanSeconds(poll: string, polls: number): number {
  const expression = parseScheduleExpression(poll);
  if (expression.kind === "rate") return (polls * expression.intervalMillis) / 1000;
  const end = addDays(SAMPLE_DAY, SAMPLE_DAYS);
  const latest: Date[] = [];
  let longestMillis = 0;
  for (const run of runsOf(poll)) {
    latest.push(run);
    const first = latest.length > polls ? latest.shift() : undefined;
    if (first === undefined) continue;
    longestMillis = Math.max(longestMillis, run.getTime() - first.getTime());
    if (run > end) break;
  }
  return longestMillis / 1000;
}

/** What to tell at preview when the plan cannot carry the poll rate; undefined when it can. */
export function quotaWarning(
  config: Pick<StormwireConfig, "poll" | "source" | "locations">,
): string | undefined {
  const calls = callsPerDay(config);
  const { provider, callsPerDay: allowed } = config.source;
  if (calls <= allowed) {
    return undefined;
  }
  const places = Object.keys(config.locations).length;
  return (
    `${config.poll} over ${places} places makes ${calls} calls a day of ${provider}, whose plan allows ${allowed}: ` +
    "poll less often, or set stormwire:source.callsPerDay to what your plan allows"
  );
}
