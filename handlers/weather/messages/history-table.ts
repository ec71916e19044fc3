import { formatHour, formatNumber, formatTime, type Measured, readable, unitOf } from "./format.ts";
import type { Words } from "./words.ts";

/** One value for each clock hour that has any; in mm for metrics in mm/h, else in the metric's own unit. Oldest first. */
export type HourlyHistory = readonly (readonly [hourStartSeconds: number, value: number])[];

/** Time, time zone and language of a table. */
interface TableContext {
  /** Time of the announced observation. Its clock hour is the last of the table. */
  readonly time: Date;
  readonly timeZone: string;
  readonly words: Words;
}

const HOUR_SECONDS = 3600;
const COLUMNS = 24;
/** Hours written out below the sparkline. */
const ROWS = 6;
const BARS = "▁▂▃▄▅▆▇█";
/** An hour without data, which is not an hour at zero. */
const GAP = "-";

/** One clock hour of the table. Its amount is undefined if unknown. */
interface Hour {
  readonly start: Date;
  readonly amount: number | undefined;
}

/** The last 24 clock hours of a rule's metric as lines of text; none when nothing of them is known. */
export function historyTable(measure: Measured, history: HourlyHistory, context: TableContext): string[] {
  const { timeZone, words } = context;
  const isSum = unitOf(measure.metric) === "mm/h";
  const hours = lastHours(history, context.time, (value) =>
    isSum ? value : readable(measure.metric, value, measure.unit).amount,
  );
  const known = hours.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  if (known.length === 0) return [];
  const unit = isSum ? "mm" : readable(measure.metric, 0, measure.unit).unit;
  const title = isSum ? words.history.sums : words.history.extremes;
  const start = hours[0]?.start ?? context.time;
  const end = new Date(start.getTime() + COLUMNS * HOUR_SECONDS * 1000);
  return [
    title(words.measures[measure.metric], unit),
    `${formatTime(start, timeZone, words)} ${sparkline(hours, known, isSum)} ${formatTime(end, timeZone, words)}`,
    summary(known, isSum, words),
    ...rows(hours.slice(-ROWS), context),
  ];
}

/**
 * Hours begin on UTC hours, even if local time is not offset by whole hours. A value on the full hour belongs to the hour
 * that it ends.
 */
function lastHours(history: HourlyHistory, time: Date, convert: (value: number) => number): Hour[] {
  const values = new Map(history);
  const last = (Math.ceil(time.getTime() / 1000 / HOUR_SECONDS) - 1) * HOUR_SECONDS;
  return Array.from({ length: COLUMNS }, (_, index) => {
    const start = last - (COLUMNS - 1 - index) * HOUR_SECONDS;
    const value = values.get(start);
    return { start: new Date(start * 1000), amount: value === undefined ? undefined : convert(value) };
  });
}

/** Sums start at zero, which has the lowest bar to itself, so that a trace of rain shows; others span their range. */
function sparkline(hours: readonly Hour[], known: readonly number[], isSum: boolean): string {
  const bottom = isSum ? 0 : Math.min(...known);
  const range = Math.max(...known) - bottom;
  const top = BARS.length - 1;
  return hours
    .map(({ amount }) => {
      if (amount === undefined) return GAP;
      const share = range > 0 ? (amount - bottom) / range : 0;
      const bar = isSum ? Math.ceil(share * top) : Math.round(share * top);
      return BARS[bar] ?? GAP;
    })
    .join("");
}

function summary(known: readonly number[], isSum: boolean, words: Words): string {
  const { history } = words;
  const total = known.reduce((sum, amount) => sum + amount, 0);
  const parts = [
    `${history.min} ${formatNumber(Math.min(...known), words)}`,
    `${history.max} ${formatNumber(Math.max(...known), words)}`,
    ...(isSum ? [`${history.sum} ${formatNumber(total, words)}`] : []),
    ...(known.length < COLUMNS ? [history.missing(COLUMNS - known.length)] : []),
  ];
  return parts.join(", ");
}

function rows(hours: readonly Hour[], { timeZone, words }: TableContext): string[] {
  const values = hours.map(({ amount }) => (amount === undefined ? GAP : formatNumber(amount, words)));
  const width = Math.max(...values.map(({ length }) => length));
  return hours.map(
    ({ start }, index) => `  ${formatHour(start, timeZone, words)}  ${values[index]?.padStart(width)}`,
  );
}
