import { MILLION, type Observed } from "./window.ts";

/** A clock hour in UTC, from its start (exclusive) to the next (inclusive), and its value in the metric's unit. */
export type Hour = readonly [startSeconds: number, value: number];

/** The value of an hour: the sum in mm for an intensity, else the highest value, or the lowest if all rules have `below`. */
export type HourAggregate = "sum" | "max" | "min";

const HOUR_SECONDS = 3600;
/** The current hour and the 24 before it. */
const KEPT_HOURS = 25;

/**
 * Adds an observation, with its value in millionths, to the hours (oldest first). Returns the same array when nothing changed.
 */
export function recordHour(
  hours: readonly Hour[],
  aggregate: HourAggregate,
  observed: Observed,
  value: number | null,
): readonly Hour[] {
  const current = hourOf(observed.seconds);
  if (value === null) return since(hours, oldestOf(current));
  return aggregate === "sum"
    ? addAmounts(hours, current, value, observed)
    : keepExtreme(hours, current, value / MILLION, aggregate);
}

function oldestOf(current: number): number {
  return current - (KEPT_HOURS - 1) * HOUR_SECONDS;
}

function since(hours: readonly Hour[], oldest: number): readonly Hour[] {
  return (hours[0]?.[0] ?? oldest) < oldest ? hours.filter(([start]) => start >= oldest) : hours;
}

/** Adds an hour and drops the hours that are too old. */
function addHour(hours: readonly Hour[], start: number, value: number): readonly Hour[] {
  return [...since(hours, oldestOf(start)), [start, value]];
}

/** Start of the hour that a time belongs to. A reading at 06:00 belongs to the hour that began at 05:00. */
export function hourOf(seconds: number): number {
  return (Math.ceil(seconds / HOUR_SECONDS) - 1) * HOUR_SECONDS;
}

/** An observation represents at most an hour, so it falls into at most two clock hours. */
function addAmounts(
  hours: readonly Hour[],
  current: number,
  value: number,
  { seconds, observedSeconds }: Observed,
): readonly Hour[] {
  if (observedSeconds === 0) return hours;
  const earlierSeconds = Math.max(0, current - (seconds - observedSeconds));
  const earlier =
    earlierSeconds > 0 ? addAmount(hours, current - HOUR_SECONDS, value * earlierSeconds) : hours;
  return addAmount(earlier, current, value * (observedSeconds - earlierSeconds));
}

/** Millionths of mm/h times seconds, of 1 mm. */
const INTEGRAL_OF_MILLIMETRE = MILLION * HOUR_SECONDS;

/** Sums are exact: the integral, a whole number below 2^46, is recovered from the mm without loss. */
function addAmount(hours: readonly Hour[], start: number, integral: number): readonly Hour[] {
  const last = hours.at(-1);
  if (last === undefined || last[0] < start) return addHour(hours, start, integral / INTEGRAL_OF_MILLIMETRE);
  if (integral === 0) return hours;
  const sum = Math.round(last[1] * INTEGRAL_OF_MILLIMETRE) + integral;
  return withLast(hours, [start, sum / INTEGRAL_OF_MILLIMETRE]);
}

function keepExtreme(
  hours: readonly Hour[],
  start: number,
  value: number,
  aggregate: "max" | "min",
): readonly Hour[] {
  const last = hours.at(-1);
  if (last === undefined || last[0] < start) return addHour(hours, start, value);
  const isFurther = aggregate === "max" ? value > last[1] : value < last[1];
  return isFurther ? withLast(hours, [start, value]) : hours;
}

/** As `hours.with(-1, hour)`, in a tenth of the time. */
function withLast(hours: readonly Hour[], hour: Hour): readonly Hour[] {
  const changed = hours.slice();
  changed[hours.length - 1] = hour;
  return changed;
}
