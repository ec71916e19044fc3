import { addDays } from "date-fns/addDays";
import type { CallBudget } from "../handlers/produce.ts";
import type { SilenceRule } from "../handlers/weather/alerts/stations.ts";
import { counted } from "../lib/counted.ts";
import { parseScheduleExpression } from "../lib/schedule-expression.ts";
import { runsOf, SAMPLE_DAY } from "./schedules.ts";
import type { StormwireConfig } from "./schema.ts";

export type { CallBudget } from "../handlers/produce.ts";

/** Calls per day that the plan of the weather API allows and that the schedule makes for this number of locations. */
export function callBudget(config: Pick<StormwireConfig, "poll" | "source">, locations: number): CallBudget {
  return { allowedPerDay: config.source.callsPerDay, plannedPerDay: callsOf(config, locations).aDay };
}

/** Calls left of a day below which more were made than planned: half of the plan's reserve is used. */
export function fewCallsLeft({ allowedPerDay, plannedPerDay }: CallBudget): number {
  return Math.max(1, Math.floor((allowedPerDay - plannedPerDay) / 2));
}

/** Where the providers are, unless the stack's `source.baseUrl` says otherwise. */
export const BASE_URLS = {
  "tomorrow.io": "https://api.tomorrow.io",
  "open-meteo": "https://api.open-meteo.com",
} as const;

/** Covers all days of the week that a cron expression can name. */
const SAMPLE_DAYS = 7;

type Polled = Pick<StormwireConfig, "poll" | "source" | "locations">;

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;

/** The most calls of the weather API within a day and within sixty minutes. */
export interface Calls {
  readonly aDay: number;
  readonly anHour: number;
}

/** Calls of the poll rate for this number of locations. Tomorrow.io takes one location per call, Open-Meteo all of them. */
export function callsOf({ poll, source }: Omit<Polled, "locations">, locations: number): Calls {
  const { aDay, anHour } = mostPolls(poll);
  const aPoll = source.provider === "tomorrow.io" ? locations : 1;
  return { aDay: aDay * aPoll, anHour: anHour * aPoll };
}

function mostPolls(poll: string): Calls {
  const expression = parseScheduleExpression(poll);
  if (expression.kind === "rate") {
    const within = (millis: number) => Math.ceil(millis / expression.intervalMillis);
    return { aDay: within(DAY_MILLIS), anHour: within(HOUR_MILLIS) };
  }
  const end = addDays(SAMPLE_DAY, SAMPLE_DAYS + 1);
  const lastDay: number[] = [];
  let aDay = 0;
  let anHour = 0;
  for (const run of runsOf(poll)) {
    if (run > end) break;
    const now = run.getTime();
    lastDay.push(now);
    while ((lastDay[0] ?? now) <= now - DAY_MILLIS) lastDay.shift();
    aDay = Math.max(aDay, lastDay.length);
    const firstOfHour = lastDay.findLastIndex((earlier) => earlier <= now - HOUR_MILLIS) + 1;
    anHour = Math.max(anHour, lastDay.length - firstOfHour);
  }
  return { aDay, anHour };
}

/** The longest time in seconds that this number of polls takes. 0 for a schedule that runs less often. */
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

/** The shortest time in seconds between two runs. Infinity for a schedule that runs once a week or less often. */
export function shortestIntervalSeconds(schedule: string): number {
  const expression = parseScheduleExpression(schedule);
  if (expression.kind === "rate") return expression.intervalMillis / 1000;
  const end = addDays(SAMPLE_DAY, SAMPLE_DAYS);
  let shortestMillis = Number.POSITIVE_INFINITY;
  let last: Date | undefined;
  for (const run of runsOf(schedule)) {
    if (run > end) break;
    if (last !== undefined) shortestMillis = Math.min(shortestMillis, run.getTime() - last.getTime());
    last = run;
  }
  return shortestMillis / 1000;
}

/**
 * The warning of a preview when the plan does not carry the poll rate, or undefined when it does.
 *
 * @param locations Defaults to the number of configured locations.
 */
export function quotaWarning(
  config: Polled,
  locations = Object.keys(config.locations).length,
): string | undefined {
  const { provider, callsPerDay, callsPerHour = Number.POSITIVE_INFINITY } = config.source;
  const { aDay, anHour } = callsOf(config, locations);
  const warning = (calls: number, span: string, allowed: number, key: string) =>
    `${config.poll} over ${counted(locations, "location")} makes ${calls} calls ${span} of ${provider}, ` +
    `whose plan allows ${allowed}: poll less often, or set stormwire:source.${key} to what your plan allows`;
  if (aDay > callsPerDay) return warning(aDay, "a day", callsPerDay, "callsPerDay");
  return anHour > callsPerHour ? warning(anHour, "an hour", callsPerHour, "callsPerHour") : undefined;
}

/**
 * Open-Meteo's current weather has steps of 15 minutes, so an observation may be that old when it is polled, and half an
 * hour without a new one does not count as silence. https://open-meteo.com/en/docs
 */
const LONGEST_STEP_SECONDS = 900;

/** The shortest schedule of EventBridge. */
const SHORTEST_POLL_SECONDS = 60;

/**
 * When a station counts as silent: after the longest time that this number of polls takes, and after 1800 s at least. The
 * longest time keeps a schedule that pauses at night from making every station silent each morning.
 */
export function silenceRule(poll: string, polls: number): SilenceRule {
  const spanSeconds = longestSpanSeconds(poll, polls);
  return {
    silentAfterSeconds: Math.max(spanSeconds + LONGEST_STEP_SECONDS, 2 * LONGEST_STEP_SECONDS),
    pollSeconds: Math.max(spanSeconds / polls, SHORTEST_POLL_SECONDS),
  };
}
