import type { Rule } from "../../handlers/weather/rules/rules.ts";
import type { ReplayLocation } from "../../replay/location.ts";
import type { Reading } from "../../replay/measures.ts";
import { decisionsOf } from "../../replay/transitions.ts";

export interface MessageCounts {
  readonly readings: number;
  /** Readings with a value at or over a threshold. */
  readonly over: number;
  /** Values at or over their threshold: a message each, when every reading is judged alone. */
  readonly byTheReading: number;
  /** Messages that are sent by rules. */
  readonly messages: number;
  /** What rules leave to the digest instead. */
  readonly inDigest: number;
}

/** Of the four metrics of the original project, in Tomorrow.io's units: %, m/s, m/s, mm/h. */
const THRESHOLD = 10;
const METRICS = ["precipitationProbability", "windSpeed", "windGust", "rainIntensity"] as const;

/** Counts what would be told of readings: a message for each value over its threshold, and by rules. */
export function countMessages(
  readings: readonly Reading[],
  place: ReplayLocation,
  rules: readonly Rule[],
): MessageCounts {
  const exceedances = readings.map(({ values }) => {
    const known: Readonly<Record<string, number | null>> = values;
    return METRICS.filter((metric) => (known[metric] ?? Number.NEGATIVE_INFINITY) >= THRESHOLD).length;
  });
  const { announced, digestOnly } = decisionsOf(readings, place, rules);
  return {
    readings: readings.length,
    over: exceedances.filter((count) => count > 0).length,
    byTheReading: exceedances.reduce((sum, count) => sum + count, 0),
    messages: announced.length,
    inDigest: digestOnly.length,
  };
}

export function addCounts(all: readonly MessageCounts[]): MessageCounts {
  const sum = (key: keyof MessageCounts) => all.reduce((total, counts) => total + counts[key], 0);
  return {
    readings: sum("readings"),
    over: sum("over"),
    byTheReading: sum("byTheReading"),
    messages: sum("messages"),
    inDigest: sum("inDigest"),
  };
}

const HOUR_MINUTES = 60;
const MINUTE_MILLIS = 60_000;

/**
 * Hourly readings as a poll every so many minutes would see them: each holds for the hour that ends at its time.
 *
 * @param minutes a divisor of 60
 */
export function polledEvery(minutes: number, hourly: readonly Reading[]): Reading[] {
  const polls = HOUR_MINUTES / minutes;
  return hourly.flatMap(({ time, values }) =>
    Array.from({ length: polls }, (_, poll) => ({
      time: new Date(time.getTime() - (polls - 1 - poll) * minutes * MINUTE_MILLIS),
      values,
    })),
  );
}
