import {
  append,
  EMPTY_SERIES,
  type Series,
  toMillionths,
} from "../../../handlers/weather/observation/window.ts";
import { observedSeconds } from "../../../handlers/weather/rules/measure.ts";

export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** A reading of one metric: seconds and its value, null for unknown. */
export type PlainReading = readonly [seconds: number, value: number | null];

/** The series of readings, as the evaluation builds it. */
export function seriesOfReadings(readings: readonly PlainReading[], windowSeconds = DAY): Series {
  let series = EMPTY_SERIES;
  let last: number | null = null;
  for (const [seconds, value] of readings) {
    const observed = { seconds, observedSeconds: observedSeconds(last, seconds) };
    series = append(series, observed, toMillionths(value), windowSeconds);
    last = seconds;
  }
  return series;
}

/** Readings of each hour from 0 on. */
export const hourly = (values: readonly (number | null)[]): PlainReading[] =>
  values.map((value, index) => [index * HOUR, value]);
