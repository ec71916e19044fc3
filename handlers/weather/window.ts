import {
  copyEntries,
  createEntries,
  type Entries,
  endOf,
  figureAt,
  hasRoom,
  secondsOf,
  write,
} from "./entries.ts";

/** A value, in millionths of the metric's unit, from `start` (exclusive) to `end` (inclusive), seconds since the epoch. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** What was observed of one metric within the longest window that a rule asks for. Immutable, whatever follows it. */
export interface Series {
  /** Seconds since the epoch before which nothing counts any more. */
  readonly from: number;
  /** Its closed stretches are those of [first, length). */
  readonly entries: Entries;
  readonly first: number;
  readonly length: number;
  /** The latest stretch: it grows as long as the value stays the same, so a dry day takes no more room than a minute. */
  readonly open: Stretch | null;
}

export const EMPTY_SERIES: Series = {
  from: 0,
  entries: createEntries(0),
  first: 0,
  length: 0,
  open: null,
};

/**
 * Values further from zero are implausible for every metric we know, and unknown in windows: up to here a window of
 * 72 h integrates to less than 2^53 millionths, so that its sum is exact.
 */
const MAX_PLAUSIBLE = 10_000;
export const MILLION = 1_000_000;

/** A value in whole millionths; null when it is unknown or implausible. */
export function toMillionths(value: number | null | undefined): number | null {
  if (typeof value !== "number" || !(Math.abs(value) <= MAX_PLAUSIBLE)) return null;
  return Math.round(value * MILLION) + 0; // Never -0.
}

/** An observation of one metric: `value` in millionths held for the `observedSeconds` until `seconds`. */
export interface Sample {
  readonly seconds: number;
  readonly observedSeconds: number;
  readonly value: number | null;
}

/** The series after an observation: the unknown adds nothing, what left the window goes. Constant time on average. */
export function append(series: Series, sample: Sample, windowSeconds: number): Series {
  const { entries, length, open } = series;
  const { seconds, value } = sample;
  const from = seconds - windowSeconds;
  let { first } = series;
  while (first < length && endOf(entries, first) <= from) first++;
  if (value === null) {
    return { from, entries, first, length, open: open !== null && open.end > from ? open : null };
  }
  const start = seconds - sample.observedSeconds;
  if (open === null || open.end <= from) {
    return { from, entries, first, length, open: { start, end: seconds, value } };
  }
  if (open.end === start && open.value === value) {
    return { from, entries, first, length, open: { start: open.start, end: seconds, value } };
  }
  return close({ from, entries, first, length, open }, { start, end: seconds, value });
}

/**
 * Makes the open stretch an entry and opens another. The entries are copied when another state has written there,
 * or when they are full.
 */
function close({ from, entries, first, length, open: closed }: Series, open: Stretch): Series {
  if (closed === null) return { from, entries, first, length, open };
  const seconds = closed.end - Math.max(closed.start, from);
  if (hasRoom(entries, length, seconds, closed.value)) {
    write(entries, closed.end, seconds, closed.value);
    return { from, entries, first, length: length + 1, open };
  }
  const copy = copyEntries(entries, first, length);
  write(copy, closed.end, seconds, closed.value);
  return { from, entries: copy, first: 0, length: copy.used, open };
}

/** Stretches of a series, oldest first, each as far as it still counts. */
export function stretchesOf({ from, entries, first, length, open }: Series): Stretch[] {
  const stretches: Stretch[] = [];
  for (let index = first; index < length; index++) {
    const end = endOf(entries, index);
    const start = Math.max(end - secondsOf(entries, index), from);
    stretches.push({ start, end, value: figureAt(entries, index) });
  }
  if (open !== null) stretches.push({ ...open, start: Math.max(open.start, from) });
  return stretches;
}

/** A series of stretches, oldest first. Those before `from` are left out. */
export function seriesOf(stretches: readonly Stretch[], from: number): Series {
  let series: Series = { ...EMPTY_SERIES, from };
  for (const stretch of stretches) if (stretch.end > from) series = close(series, stretch);
  return series;
}
