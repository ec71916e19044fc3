import { MILLION, type Sample } from "./window.ts";

/** A clock hour in UTC, from its start (exclusive) to the next (inclusive), and its figure in the metric's unit. */
export type Hour = readonly [startSeconds: number, value: number];

/** What an hour's figure is: the mm of an intensity, else the highest value, or the lowest where rules ask `below`. */
export type HourFigure = "sum" | "max" | "min";

const HOUR_SECONDS = 3600;
/** The hour under way and the 24 before it. */
const KEPT_HOURS = 25;

/** Hours after an observation, oldest first; the very same array when nothing changed. */
export function recordHour(hours: readonly Hour[], figure: HourFigure, sample: Sample): readonly Hour[] {
  const current = hourOf(sample.seconds);
  const oldest = current - (KEPT_HOURS - 1) * HOUR_SECONDS;
  const kept = (hours[0]?.[0] ?? oldest) < oldest ? hours.filter(([start]) => start >= oldest) : hours;
  if (sample.value === null) return kept;
  return figure === "sum"
    ? addAmounts(kept, sample.value, sample)
    : keepExtreme(kept, current, sample.value / MILLION, figure);
}

/** The hour that a time belongs to: a reading at 06:00 tells of the hour that began at 05:00. */
function hourOf(seconds: number): number {
  return (Math.ceil(seconds / HOUR_SECONDS) - 1) * HOUR_SECONDS;
}

/** An observation stands for an hour at most, so it reaches into two hours at most. */
function addAmounts(
  hours: readonly Hour[],
  value: number,
  { seconds, observedSeconds }: Sample,
): readonly Hour[] {
  if (observedSeconds === 0) return hours;
  const current = hourOf(seconds);
  const earlierSeconds = Math.max(0, current - (seconds - observedSeconds));
  const earlier =
    earlierSeconds > 0 ? addAmount(hours, current - HOUR_SECONDS, value * earlierSeconds) : hours;
  return addAmount(earlier, current, value * (observedSeconds - earlierSeconds));
}

/** Millionths of mm/h times seconds, of 1 mm. */
const INTEGRAL_OF_MILLIMETRE = MILLION * HOUR_SECONDS;

/** The mm of an hour are exact: the integral, a whole number below 2^46, is read back from them without loss. */
function addAmount(hours: readonly Hour[], start: number, integral: number): readonly Hour[] {
  const last = hours.at(-1);
  if (last === undefined || last[0] < start) return [...hours, [start, integral / INTEGRAL_OF_MILLIMETRE]];
  if (integral === 0) return hours;
  const sum = Math.round(last[1] * INTEGRAL_OF_MILLIMETRE) + integral;
  return hours.with(-1, [last[0], sum / INTEGRAL_OF_MILLIMETRE]);
}

function keepExtreme(
  hours: readonly Hour[],
  start: number,
  value: number,
  figure: "max" | "min",
): readonly Hour[] {
  const last = hours.at(-1);
  if (last === undefined || last[0] < start) return [...hours, [start, value]];
  const isFurther = figure === "max" ? value > last[1] : value < last[1];
  return isFurther ? hours.with(-1, [start, value]) : hours;
}
