import { FIELDS, type Field, MEASURES } from "../../../handlers/weather/observation/fields.ts";
import { assess } from "../../../handlers/weather/observation/quality/assess.ts";
import {
  highestRainMillimetres,
  LARGEST_STEPS,
  NEVER_STEADY,
} from "../../../handlers/weather/observation/quality/limits.ts";
import type { Reading } from "./naive-gold.ts";

/** Flags by field, as gold has them: `temperature=35 doubtful:spike`. */
type Flagged = Partial<Record<Field, string>>;

const HOUR_SECONDS = 3600;

/** The checks over time of one place and UTC day, reading by reading in their order. */
export function naiveChecks(readings: readonly Reading[]): Flagged[] {
  const flags = readings.map((): Flagged => ({}));
  for (const field of FIELDS) {
    const series = readings.map(({ seconds, values }) => ({ seconds, value: goodValue(values, field) }));
    const isStuck = isSteady(field, series);
    for (const [index, { values }] of readings.entries()) {
      const check = checkOf(
        field,
        series.slice(Math.max(0, index - 1), index + 2),
        Math.min(1, index),
        isStuck,
      );
      const entry = flags[index];
      if (check === undefined || entry === undefined) continue;
      entry[field] = `${MEASURES[field].column}=${values[field]} doubtful:${check}`;
    }
  }
  return flags;
}

interface Point {
  readonly seconds: number;
  readonly value: number | undefined;
}

function goodValue(values: Reading["values"], field: Field): number | undefined {
  const assessed = assess(values);
  const value = assessed.values[field];
  return assessed.flags[field] === undefined && typeof value === "number" ? value : undefined;
}

/** @param around the reading with its neighbours, itself at `position` */
function checkOf(
  field: Field,
  around: readonly Point[],
  position: number,
  isStuck: boolean,
): string | undefined {
  const { value, seconds } = around[position] ?? { value: undefined, seconds: 0 };
  if (value === undefined) return undefined;
  const [before, after] = position === 0 ? [undefined, around[1]] : [around[0], around[2]];
  const sides = [before, after].map((point) => sideOf(field, { value, seconds }, point));
  if (sides[0] !== 0 && sides[0] === sides[1]) return "spike";
  if (field === "rainIntensity" && before !== undefined) {
    const hours = Math.min(1, (seconds - before.seconds) / HOUR_SECONDS);
    if (value * hours > highestRainMillimetres(hours)) return "amount";
  }
  return isStuck ? "stuck" : undefined;
}

/** 1 where the value is too far above a neighbour, -1 where it is too far below it, else 0. */
function sideOf(
  field: Field,
  point: { value: number; seconds: number },
  neighbour: Point | undefined,
): number {
  const perHour = LARGEST_STEPS[field];
  if (perHour === undefined || neighbour?.value === undefined) return 0;
  const hours = Math.abs(point.seconds - neighbour.seconds) / HOUR_SECONDS;
  if (hours > 2) return 0;
  const change = point.value - neighbour.value;
  return Math.abs(change) > perHour * Math.max(1, hours) ? Math.sign(change) : 0;
}

function isSteady(field: Field, series: readonly Point[]): boolean {
  const range = NEVER_STEADY[field];
  const known = series.filter(({ value }) => value !== undefined);
  const first = known[0];
  const last = known.at(-1);
  if (range === undefined || first?.value === undefined || last === undefined || known.length < 12)
    return false;
  const { value } = first;
  return (
    known.every((point) => point.value === value) &&
    last.seconds - first.seconds >= 20 * HOUR_SECONDS &&
    value >= range[0] &&
    value <= range[1]
  );
}
