import {
  begin,
  copyStretches,
  createStretches,
  endOf,
  figureOf,
  hasRoom,
  type Stretches,
  startOf,
} from "./stretches.ts";

/** What was observed of one metric within the longest window that a rule asks for. Immutable, whatever follows it. */
export interface Series {
  /** Seconds since the epoch before which nothing counts any more. */
  readonly from: number;
  /** Its stretches are those of [first, length). */
  readonly stretches: Stretches;
  readonly first: number;
  readonly length: number;
  /**
   * Seconds since the epoch at which the last one ends. It grows as long as the value stays the same, so that a dry day
   * takes no more room than a dry minute.
   */
  readonly end: number;
}

export const EMPTY_SERIES: Series = { from: 0, stretches: createStretches(0), first: 0, length: 0, end: 0 };

/**
 * Values further from zero are implausible for every metric we know, and unknown: up to here a window of
 * 72 h integrates to less than 2^53 millionths, so that its sum is exact.
 */
export const MAX_PLAUSIBLE = 10_000;
export const MILLION = 1_000_000;

/** A value in whole millionths; null when it is unknown or implausible. */
export function toMillionths(value: number | null | undefined): number | null {
  if (typeof value !== "number" || !(Math.abs(value) <= MAX_PLAUSIBLE)) return null;
  return Math.round(value * MILLION) + 0; // Never -0.
}

/** What an observation stands for: the `observedSeconds` until `seconds`. */
export interface Observed {
  readonly seconds: number;
  readonly observedSeconds: number;
}

/**
 * The series after an observation, with its value in millionths: the unknown adds nothing, what left the window goes.
 * Constant time on average.
 */
export function append(
  series: Series,
  { seconds, observedSeconds }: Observed,
  value: number | null,
  windowSeconds: number,
): Series {
  const from = seconds - windowSeconds;
  const { stretches, length, end } = series;
  const first = withoutBefore(series, from);
  if (value === null) return { from, stretches, first, length, end };
  const start = seconds - observedSeconds;
  if (first < length && start === end && figureOf(stretches, length - 1) === value) {
    return { from, stretches, first, length, end: seconds };
  }
  if (hasRoom(stretches, length, end)) {
    begin(stretches, end, start, value);
    return { from, stretches, first, length: length + 1, end: seconds };
  }
  // They are full, or another state has added some that this one does not see.
  const copy = copyStretches(stretches, first, length, from);
  begin(copy, end, start, value);
  return { from, stretches: copy, first: 0, length: copy.used, end: seconds };
}

function withoutBefore({ stretches, first, length, end }: Series, from: number): number {
  if (end <= from) return length;
  let index = first;
  while (index < length - 1 && endOf(stretches, index) <= from) index++;
  return index;
}

/** A value, in millionths of the metric's unit, from `start` (exclusive) to `end` (inclusive), seconds since the epoch. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Stretches of a series, oldest first, each as far as it still counts. */
export function stretchesOf({ from, stretches, first, length, end }: Series): Stretch[] {
  return Array.from({ length: length - first }, (_, offset) => {
    const index = first + offset;
    return {
      start: Math.max(startOf(stretches, index), from),
      end: index === length - 1 ? end : endOf(stretches, index),
      value: figureOf(stretches, index),
    };
  });
}

/** A series of stretches, oldest first, as far as they lie after `from`. */
export function seriesOf(stretches: readonly Stretch[], from: number): Series {
  let series: Series = { ...EMPTY_SERIES, from };
  for (const { start, end, value } of stretches) {
    if (end <= from) continue;
    const observed = { seconds: end, observedSeconds: end - Math.max(start, from) };
    series = append(series, observed, value, end - from);
  }
  return series;
}
