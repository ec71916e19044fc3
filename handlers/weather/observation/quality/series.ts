import type { Field, Values } from "../fields.ts";
import { type Flag, type Flags, isWithin, NO_FLAGS } from "./assess.ts";
import { highestRainMillimetres, LARGEST_STEPS, NEVER_STEADY } from "./limits.ts";

/** What the checks over time remember of a measure. Times in seconds since the epoch. */
type Recent = readonly [
  /** The last value that was usable. */
  value: number,
  /** Since when each reading has had it. */
  since: number,
  /** When it was last observed. */
  at: number,
  /** The last value that was not a step. */
  settled: number,
];

/** By measure. */
export type RecentValues = Readonly<Partial<Record<Field, Recent>>>;

/** Readings further apart say nothing of each other. */
const MAX_GAP_SECONDS = 2 * 3600;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Measures that a check over time looks at. */
export function isCheckedOverTime(field: Field): boolean {
  return field in LARGEST_STEPS || field in NEVER_STEADY;
}

interface SeriesStep {
  readonly recent: RecentValues;
  readonly flags: Flags;
}

/**
 * The part of the quality step that needs the readings before: steps, values that never change, and amounts of rain beyond
 * any that was recorded. Pure.
 *
 * A step is doubtful until the next reading confirms it: the reading after it is good when it is near to either side.
 *
 * @param fields measures to look at: those that rules need
 * @param observedSeconds what the reading stands for
 * @param flags of the reading alone; they go on
 */
export function checkSeries(
  before: RecentValues,
  fields: readonly Field[],
  { values, flags }: { readonly values: Values; readonly flags: Flags },
  { seconds, observedSeconds }: { readonly seconds: number; readonly observedSeconds: number },
): SeriesStep {
  if (fields.length === 0) return { recent: before, flags };
  const recent: Partial<Record<Field, Recent>> = {};
  let found = flags;
  for (const field of fields) {
    const value = values[field];
    const last = before[field];
    if (typeof value !== "number") {
      if (last !== undefined) recent[field] = last;
      continue;
    }
    const known = last !== undefined && seconds - last[2] <= MAX_GAP_SECONDS ? last : undefined;
    const isStep = known !== undefined && isFar(field, value, known, seconds);
    const since = known !== undefined && known[0] === value ? known[1] : seconds;
    recent[field] = [value, since, seconds, isStep ? known[3] : value];
    if (flags[field] !== undefined) continue;
    const flag = flagOf(field, value, { isStep, since, seconds, observedSeconds });
    if (flag === undefined) continue;
    found = found === NO_FLAGS ? { [field]: flag } : { ...found, [field]: flag };
  }
  return { recent, flags: found };
}

function isFar(field: Field, value: number, [last, , at, settled]: Recent, seconds: number): boolean {
  const perHour = LARGEST_STEPS[field];
  if (perHour === undefined) return false;
  const largest = perHour * Math.max(1, (seconds - at) / HOUR_SECONDS);
  return Math.abs(value - last) > largest && Math.abs(value - settled) > largest;
}

interface Reading {
  readonly isStep: boolean;
  readonly since: number;
  readonly seconds: number;
  readonly observedSeconds: number;
}

function flagOf(field: Field, value: number, reading: Reading): Flag | undefined {
  if (reading.isStep) return "doubtful:step";
  const hours = reading.observedSeconds / HOUR_SECONDS;
  if (field === "rainIntensity" && hours > 0 && value * hours > highestRainMillimetres(hours)) {
    return "doubtful:amount";
  }
  const steady = NEVER_STEADY[field];
  if (steady === undefined || reading.seconds - reading.since < DAY_SECONDS) return undefined;
  return isWithin(steady, value) ? "doubtful:stuck" : undefined;
}
