import { addDays } from "date-fns/addDays";
import { nextRun, parseScheduleExpression } from "../aws/schedule-expression.ts";
import type { StormwireConfig } from "./config-schema.ts";

/** Any day will do: schedules of polls do not depend on it, but for those of cron that leave some days out. */
const SAMPLE_DAY = new Date("2024-01-01T00:00:00Z");

/** Calls that the poll rate makes of the weather API in a day. Tomorrow.io takes one place a call, Open-Meteo all of them. */
export function callsPerDay({
  poll,
  source,
  locations,
}: Pick<StormwireConfig, "poll" | "source" | "locations">): number {
  const expression = parseScheduleExpression(poll);
  const end = addDays(SAMPLE_DAY, 1);
  let polls = 0;
  for (
    let run = nextRun(expression, SAMPLE_DAY);
    run !== undefined && run <= end;
    run = nextRun(expression, run)
  ) {
    polls += 1;
  }
  return polls * (source.provider === "tomorrow.io" ? Object.keys(locations).length : 1);
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
