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

/** Observed values of one metric within the longest window of the rules. Immutable. */
export interface Series {
  /** Start of the window, in seconds since the epoch. */
  readonly from: number;
  /** The series uses the segments [first, length). */
  readonly segments: Segments;
  readonly first: number;
  readonly length: number;
  /**
   * End of the last segment, in seconds since the epoch. A segment grows while its value stays the same, so that a dry day
   * needs no more memory than a dry minute.
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

/** A value in whole millionths, or null when it is unknown or implausible. */
export function toMillionths(value: number | null | undefined): number | null {
  if (typeof value !== "number" || !(Math.abs(value) <= MAX_PLAUSIBLE)) return null;
  return Math.round(value * MILLION) + 0; // Never -0.
}

/** The time that an observation represents: the `observedSeconds` until `seconds`. */
export interface Observed {
  readonly seconds: number;
  readonly observedSeconds: number;
}

/**
 * Appends a value in millionths and drops the segments that have left the window. An unknown value (null) adds nothing.
 * Takes constant time on average.
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
  // The segments are full, or another state has appended some.
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

/** Segments of a series, oldest first, without the parts before the window. */
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

/** Builds a series from segments, oldest first, without the parts before `from`. */
export function seriesOf(segments: readonly Segment[], from: number): Series {
  let series: Series = { ...EMPTY_SERIES, from };
  for (const { start, end, value } of segments) {
    if (end <= from) continue;
    const observed = { seconds: end, observedSeconds: end - Math.max(start, from) };
    series = append(series, observed, value, end - from);
  }
  return series;
}
