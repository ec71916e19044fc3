import {
  begin,
  copySegments,
  createSegments,
  endOf,
  hasRoom,
  type Segments,
  startOf,
  valueAt,
} from "./segments.ts";

/** What was observed of one metric within the longest window that a rule asks for. Immutable, whatever follows it. */
export interface Series {
  /** Seconds since the epoch before which nothing counts any more. */
  readonly from: number;
  /** Its stretches are those of [first, length). */
  readonly segments: Segments;
  readonly first: number;
  readonly length: number;
  /**
   * Seconds since the epoch at which the last one ends. It grows as long as the value stays the same, so that a dry day
   * takes no more room than a dry minute.
   */
  readonly end: number;
}

export const EMPTY_SERIES: Series = { from: 0, segments: createSegments(0), first: 0, length: 0, end: 0 };

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
  const { segments, length, end } = series;
  const first = withoutBefore(series, from);
  if (value === null) return { from, segments, first, length, end };
  const start = seconds - observedSeconds;
  if (first < length && start === end && valueAt(segments, length - 1) === value) {
    return { from, segments, first, length, end: seconds };
  }
  if (hasRoom(segments, length, end)) {
    begin(segments, end, start, value);
    return { from, segments, first, length: length + 1, end: seconds };
  }
  // They are full, or another state has added some that this one does not see.
  const copy = copySegments(segments, first, length, from);
  begin(copy, end, start, value);
  return { from, segments: copy, first: 0, length: copy.used, end: seconds };
}

function withoutBefore({ segments, first, length, end }: Series, from: number): number {
  if (end <= from) return length;
  let index = first;
  while (index < length - 1 && endOf(segments, index) <= from) index++;
  return index;
}

/** A value, in millionths of the metric's unit, from `start` (exclusive) to `end` (inclusive), seconds since the epoch. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Stretches of a series, oldest first, each as far as it still counts. */
export function segmentsOf({ from, segments, first, length, end }: Series): Segment[] {
  return Array.from({ length: length - first }, (_, offset) => {
    const index = first + offset;
    return {
      start: Math.max(startOf(segments, index), from),
      end: index === length - 1 ? end : endOf(segments, index),
      value: valueAt(segments, index),
    };
  });
}

/** A series of stretches, oldest first, as far as they lie after `from`. */
export function seriesOf(segments: readonly Segment[], from: number): Series {
  let series: Series = { ...EMPTY_SERIES, from };
  for (const { start, end, value } of segments) {
    if (end <= from) continue;
    const observed = { seconds: end, observedSeconds: end - Math.max(start, from) };
    series = append(series, observed, value, end - from);
  }
  return series;
}
