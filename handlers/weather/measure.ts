import { MEASURED_UNITS, type MeasuredField, type MeasuredValues } from "./derived.ts";
import type { CompiledRule } from "./rules.ts";
import type { Segment } from "./state.ts";
import { MAX_OBSERVED_SECONDS } from "./time.ts";

/** What a rule's measure says at an observation. */
export interface Measurement {
  /** In the rule's unit; null: unknown. */
  readonly value: number | null;
  /** False when too much of the window went unobserved to say that a value is not higher (or lower). */
  readonly complete: boolean;
}

/**
 * A window is complete when at least this part of it was observed. All of it would be exact, but a station that
 * misses one report a day could then never end a 24 h alert; WMO-No. 1203 asks 80 % of the data for a normal.
 */
const COMPLETE_COVERAGE = 0.8;

/** Factors from m/s. 1 mile is 1609.344 m. */
const SPEED_FACTORS = { "km/h": 3.6, mph: 3600 / 1609.344 } as const;

/** Sums of decimal readings carry binary noise; thresholds are decimal (99.99999999999999 mm is 100 mm). */
const DECIMALS = 6;

/** Time that an observation stands for: since the previous one, at most an hour; none for a location's first. */
export function observedSeconds(lastSeconds: number | null, nowSeconds: number): number {
  return lastSeconds === null ? 0 : Math.min(nowSeconds - lastSeconds, MAX_OBSERVED_SECONDS);
}

/**
 * The segments of one metric after an observation: null adds nothing; what is older than the window goes.
 * Equal neighbours become one segment, so that a dry day takes no more room than a dry minute.
 */
export function appendSegment(
  segments: readonly Segment[],
  observation: { readonly seconds: number; readonly observedSeconds: number; readonly value: number | null },
  windowSeconds: number,
): Segment[] {
  const { seconds, value } = observation;
  const kept = segments.filter(([, end]) => end > seconds - windowSeconds);
  if (value === null) return kept;
  const start = seconds - observation.observedSeconds;
  const last = kept.at(-1);
  if (last !== undefined && last[1] === start && last[2] === value) {
    return [...kept.slice(0, -1), [last[0], seconds, value]];
  }
  return [...kept, [start, seconds, value]];
}

/** Longest window, in seconds, that the rules ask for, by metric. */
export function longestWindows(rules: readonly CompiledRule[]): ReadonlyMap<MeasuredField, number> {
  const windows = new Map<MeasuredField, number>();
  for (const { measure, window } of rules) {
    if (window === undefined) continue;
    windows.set(measure.metric, Math.max(windows.get(measure.metric) ?? 0, window.seconds));
  }
  return windows;
}

/** Takes a rule's measure at `nowSeconds`, from the observation or from its metric's segments. */
export function takeMeasure(
  rule: CompiledRule,
  values: MeasuredValues,
  segments: readonly Segment[],
  nowSeconds: number,
): Measurement {
  const raw =
    rule.window === undefined
      ? { value: values[rule.measure.metric] ?? null, complete: true }
      : aggregate(segments, rule.window, nowSeconds);
  if (raw.value === null) return { value: null, complete: false };
  const factor = rule.measure.unit === undefined ? 1 : SPEED_FACTORS[rule.measure.unit];
  return { value: Number((raw.value * factor).toFixed(DECIMALS)), complete: raw.complete };
}

/**
 * Sums up a window (now - seconds, now]. `sum` integrates mm/h to mm and `mean` weighs by time, both exactly:
 * a segment that reaches out of the window counts for the part inside.
 */
export function aggregate(
  segments: readonly Segment[],
  window: NonNullable<CompiledRule["window"]>,
  nowSeconds: number,
): Measurement {
  const from = nowSeconds - window.seconds;
  const inside = segments.filter(([, end]) => end > from && end <= nowSeconds);
  if (inside.length === 0) return { value: null, complete: false };
  let coveredSeconds = 0;
  let integral = 0;
  for (const [start, end, value] of inside) {
    const seconds = end - Math.max(start, from);
    coveredSeconds += seconds;
    integral += value * seconds;
  }
  const complete = coveredSeconds >= COMPLETE_COVERAGE * window.seconds;
  const values = inside.map(([, , value]) => value);
  if (window.as === "max") return { value: Math.max(...values), complete };
  if (window.as === "min") return { value: Math.min(...values), complete };
  if (coveredSeconds === 0) return { value: null, complete: false };
  if (window.as === "mean") return { value: integral / coveredSeconds, complete };
  return { value: integral / 3600, complete };
}

/** Converts a speed in m/s; other units pass as they are. */
export function inUnit(field: MeasuredField, value: number, unit: keyof typeof SPEED_FACTORS): number {
  return MEASURED_UNITS[field] === "m/s" ? value * SPEED_FACTORS[unit] : value;
}
