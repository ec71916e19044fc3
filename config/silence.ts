import type { SilenceRule } from "../handlers/weather/alerts/stations.ts";
import { longestSpanSeconds } from "./quota.ts";

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
