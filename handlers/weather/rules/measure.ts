import type { MeasuredValues } from "../observation/derived.ts";
import { highestRainMillimetres } from "../observation/quality/limits.ts";
import {
  coveredBefore,
  firstAfter,
  highestOf,
  integralBefore,
  lowestOf,
  startOf,
  valueAt,
} from "../observation/segments.ts";
import { MAX_OBSERVED_SECONDS } from "../observation/time.ts";
import { MAX_PLAUSIBLE, MILLION, type Series } from "../observation/window.ts";
import type { CompiledCondition, CompiledWindow } from "./rules.ts";

/** The value of a condition's measure at an observation. */
export interface Measurement {
  /** In the measure's unit; null: unknown. */
  readonly value: number | null;
  /** False when a part of the window is unknown, so that the value may be higher (or lower). */
  readonly complete: boolean;
  /** Whether it rests on a doubtful value: it can start an alert, marked as unconfirmed, and never end one. */
  readonly doubtful: boolean;
}

const UNKNOWN: Measurement = { value: null, complete: false, doubtful: false };

const HOUR_SECONDS = 3600;

/** Time that an observation represents: since the previous one, at most an hour. The first one represents none. */
export function observedSeconds(lastSeconds: number | null, nowSeconds: number): number {
  return lastSeconds === null ? 0 : Math.min(nowSeconds - lastSeconds, MAX_OBSERVED_SECONDS);
}

/** The current values of a location. */
interface Measured {
  readonly values: MeasuredValues;
  readonly seconds: number;
  /** Metrics whose value is doubtful now. */
  readonly doubtful: ReadonlySet<string>;
}

/** Previous values by metric, up to the current ones. */
interface Kept {
  readonly windows: Readonly<Record<string, Series>>;
  /** Time of the last doubtful value, in seconds since the epoch. */
  readonly doubted: Readonly<Record<string, number>>;
}

/** Evaluates a condition's measure, on the current value or over its window. */
export function takeMeasure(
  condition: CompiledCondition,
  { values, seconds, doubtful }: Measured,
  { windows, doubted }: Kept,
): Measurement {
  const { metric } = condition.measure;
  if (condition.window === undefined) {
    const value = values[metric];
    if (typeof value !== "number" || !(Math.abs(value) <= MAX_PLAUSIBLE)) return UNKNOWN;
    return { value: toDecimal(value * condition.factor), complete: true, doubtful: doubtful.has(metric) };
  }
  const { value, complete } = aggregate(windows[metric], condition.window, seconds);
  if (value === null) return UNKNOWN;
  return {
    value: condition.factor === 1 ? value : toDecimal(value * condition.factor),
    complete,
    doubtful: isWindowDoubtful(condition, condition.window, value, seconds - (doubted[metric] ?? 0)),
  };
}

/** @param doubtedSeconds time since the metric's last doubtful value */
function isWindowDoubtful(
  { measure }: CompiledCondition,
  { seconds, as }: CompiledWindow,
  value: number,
  doubtedSeconds: number,
): boolean {
  if (doubtedSeconds < seconds) return true;
  return (
    as === "sum" &&
    measure.metric === "rainIntensity" &&
    value > highestRainMillimetres(seconds / HOUR_SECONDS)
  );
}

/** Conversions carry binary noise; thresholds are decimal (99.99999999999999 km/h is 100). */
function toDecimal(value: number): number {
  return Math.round(value * MILLION) / MILLION + 0; // Never -0.
}

/**
 * Sums up a window (now - seconds, now], where now is the time of the series' last observation. `sum` integrates
 * mm/h to mm and `mean` weighs by time, both exactly, to a millionth: a segment that begins before the window counts
 * for the part inside.
 */
export function aggregate(
  series: Series | undefined,
  window: CompiledWindow,
  nowSeconds: number,
): Pick<Measurement, "value" | "complete"> {
  const from = nowSeconds - window.seconds;
  const inside = segmentsInside(series, from, window.seconds);
  if (inside === undefined) return UNKNOWN;
  const { segments, length } = inside.series;
  const { first, coveredSeconds } = inside;
  const complete = coveredSeconds >= window.seconds;
  if (window.as === "max") {
    return { value: highestOf(segments, first, length, window.seconds) / MILLION, complete };
  }
  if (window.as === "min") {
    return { value: lowestOf(segments, first, length, window.seconds) / MILLION, complete };
  }
  if (coveredSeconds === 0) return UNKNOWN;
  const perSeconds = window.as === "mean" ? coveredSeconds : HOUR_SECONDS;
  const integral = integralInside(inside.series, first, from);
  return { value: (Math.round(integral / perSeconds) + 0) / MILLION, complete };
}

/** Seconds of the window (now - seconds, now] in which the metric is known. */
export function knownSeconds(series: Series | undefined, windowSeconds: number, nowSeconds: number): number {
  return segmentsInside(series, nowSeconds - windowSeconds, windowSeconds)?.coveredSeconds ?? 0;
}

interface Inside {
  readonly series: Series;
  /** Index of the first segment within the window. */
  readonly first: number;
  readonly coveredSeconds: number;
}

function segmentsInside(series: Series | undefined, from: number, windowSeconds: number): Inside | undefined {
  if (series === undefined || series.first === series.length || series.end <= from) return undefined;
  const { segments, length, end } = series;
  const first = firstAfter(segments, series.first, length, from, windowSeconds);
  const last = length - 1;
  // The part of the first segment before the window does not count.
  const outside = Math.max(0, from - startOf(segments, first));
  const covered = coveredBefore(segments, last) + end - startOf(segments, last);
  return { series, first, coveredSeconds: covered - coveredBefore(segments, first) - outside };
}

/**
 * Value times seconds of the segments from `first` on, without the parts before `from`. Each step is a whole number below
 * 2^53 and thus exact. The last segment can be longer than any window, so it is never taken as a whole.
 */
function integralInside({ segments, length, end }: Series, first: number, from: number): number {
  const last = length - 1;
  const start = startOf(segments, last);
  if (first === last) return valueAt(segments, last) * (end - Math.max(start, from));
  const outside = Math.max(0, from - startOf(segments, first));
  const whole = integralBefore(segments, last) - integralBefore(segments, first);
  return whole - valueAt(segments, first) * outside + valueAt(segments, last) * (end - start);
}
