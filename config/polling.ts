import { addDays } from "date-fns/addDays";
import type { CallBudget } from "../handlers/produce.ts";
import type { SilenceRule } from "../handlers/weather/alerts/stations.ts";
import { counted } from "../lib/counted.ts";
import { parseScheduleExpression } from "../lib/schedule-expression.ts";
import { runsOf, SAMPLE_DAY } from "./schedules.ts";
import type { StormwireConfig } from "./schema.ts";

export type { CallBudget } from "../handlers/produce.ts";

/** What the plan of the weather API carries and what the schedule asks of it for so many places, a day. */
export function callBudget(config: Pick<StormwireConfig, "poll" | "source">, places: number): CallBudget {
  return { allowedPerDay: config.source.callsPerDay, plannedPerDay: callsOf(config, places).aDay };
}

/** So few calls left of a day mean that more go out than were planned: half of what the plan had to spare is gone. */
export function fewCallsLeft({ allowedPerDay, plannedPerDay }: CallBudget): number {
  return Math.max(1, Math.floor((allowedPerDay - plannedPerDay) / 2));
}

/** Where the providers are, unless the stack's `source.baseUrl` says otherwise. */
export const BASE_URLS = {
  "tomorrow.io": "https://api.tomorrow.io",
  "open-meteo": "https://api.open-meteo.com",
} as const;

/** A cron expression that names days of the week has seen all of them by then. */
const SAMPLE_DAYS = 7;

type Polled = Pick<StormwireConfig, "poll" | "source" | "locations">;

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;

/** Calls of the weather API where they lie closest together: within a day, and within sixty minutes. */
export interface Calls {
  readonly aDay: number;
  readonly anHour: number;
}

/** Calls that the poll rate makes over so many places. Tomorrow.io takes one place a call, Open-Meteo all of them. */
export function callsOf({ poll, source }: Omit<Polled, "locations">, places: number): Calls {
  const { aDay, anHour } = mostPolls(poll);
  const aPoll = source.provider === "tomorrow.io" ? places : 1;
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

/** Seconds between two runs where they lie closest together; Infinity for a schedule that runs once in a week or less often. */
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
 * What to tell at preview when the plan cannot carry the poll rate; undefined when it can.
 *
 * @param places in place of as many as config has
 */
export function quotaWarning(
  config: Polled,
  places = Object.keys(config.locations).length,
): string | undefined {
  const { provider, callsPerDay, callsPerHour = Number.POSITIVE_INFINITY } = config.source;
  const { aDay, anHour } = callsOf(config, places);
  const warning = (calls: number, span: string, allowed: number, key: string) =>
    `${config.poll} over ${counted(places, "place")} makes ${calls} calls ${span} of ${provider}, ` +
    `whose plan allows ${allowed}: poll less often, or set stormwire:source.${key} to what your plan allows`;
  if (aDay > callsPerDay) return warning(aDay, "a day", callsPerDay, "callsPerDay");
  return anHour > callsPerHour ? warning(anHour, "an hour", callsPerHour, "callsPerHour") : undefined;
}

/**
 * Open-Meteo's current weather goes by quarters of an hour: so old may an observation be when it is polled, and half an
 * hour without a new one is no silence, however often it is polled. https://open-meteo.com/en/docs
 */
const LONGEST_STEP_SECONDS = 900;

/** No schedule of EventBridge is finer. */
const SHORTEST_POLL_SECONDS = 60;

/**
 * When a station counts as silent: after so many polls of the schedule, where they lie furthest apart, lest one that
 * rests at night make every station silent each morning; and after 1800 s at least.
 */
export function silenceRule(poll: string, polls: number): SilenceRule {
  const spanSeconds = longestSpanSeconds(poll, polls);
  return {
    silentAfterSeconds: Math.max(spanSeconds + LONGEST_STEP_SECONDS, 2 * LONGEST_STEP_SECONDS),
    pollSeconds: Math.max(spanSeconds / polls, SHORTEST_POLL_SECONDS),
  };
}
