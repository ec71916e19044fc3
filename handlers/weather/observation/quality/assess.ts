import { FIELD_UNITS, FIELDS, type Field, MEASURES, type Values } from "../fields.ts";
import {
  DEW_POINT_ABOVE_TEMPERATURE,
  FILL_VALUES,
  GUST_BELOW_MEAN,
  HIGHEST_GUST_FACTOR,
  JUDGED_GUST,
  LIMITS,
  type Range,
  WEAKEST_MEAN_WIND,
} from "./limits.ts";

/**
 * Why a value is not good. `erroneous`: weather cannot have it, so that it is unknown. `doubtful`: possible, but so
 * unlikely that it wants a confirmation; it may be the storm.
 */
export type Flag =
  | "erroneous:unreadable"
  | "erroneous:fill"
  | "erroneous:range"
  | "doubtful:record"
  | "doubtful:gust"
  | "doubtful:dew-point"
  | "doubtful:amount"
  | "doubtful:step"
  | "doubtful:stuck";

/** By measure; a measure without a flag is good or was not observed. */
export type Flags = Readonly<Partial<Record<Field, Flag>>>;

/** A reading after the quality step: its usable values, and why others are not good. */
interface Assessment {
  /** Good and doubtful values; an erroneous one is null. */
  readonly values: Values;
  readonly flags: Flags;
}

export const NO_FLAGS: Flags = {};

export function isDoubtful(flag: Flag | undefined): boolean {
  return flag?.startsWith("doubtful") ?? false;
}

/**
 * The part of the quality step that one reading allows: schema, fill values, plausibility, and consistency of its values
 * with each other (WMO-No. 488, VI.2). Text that is a decimal number counts as that number. Fields that we do not know pass as they are. Returns the
 * very same values where all are good.
 */
export function assess(values: Readonly<Record<string, unknown>>): Assessment {
  let flags: Partial<Record<Field, Flag>> | undefined;
  let usable: Record<string, unknown> | undefined;
  for (const field of FIELDS) {
    const value = values[field];
    if (value === undefined || value === null) continue;
    const number = typeof value === "number" ? value : numberIn(value);
    const flag = number === undefined ? "erroneous:unreadable" : flagOf(field, number);
    if (flag !== undefined) {
      flags ??= {};
      flags[field] = flag;
    }
    const kept = flag === undefined || isDoubtful(flag) ? number : null;
    if (kept === value) continue;
    usable ??= { ...values };
    usable[field] = kept;
  }
  const read = (usable ?? values) as Values;
  const inconsistent = inconsistencies(read);
  return {
    values: read,
    flags: inconsistent === undefined ? (flags ?? NO_FLAGS) : { ...inconsistent, ...flags },
  };
}

const DECIMAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function numberIn(value: unknown): number | undefined {
  if (typeof value !== "string" || !DECIMAL.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function flagOf(field: Field, value: number): Flag | undefined {
  const { possible, recorded = possible } = LIMITS[field];
  if (!isWithin(possible, value)) return "erroneous:range";
  if (isFill(field, value)) return "erroneous:fill";
  return isWithin(recorded, value) ? undefined : "doubtful:record";
}

export function isWithin([lowest, highest]: Range, value: number): boolean {
  return value >= lowest && value <= highest;
}

function isFill(field: Field, value: number): boolean {
  const fills = FILL_VALUES[FIELD_UNITS[field]];
  return fills?.some((fill) => Math.abs(fill - value) < 0.005) ?? false;
}

function inconsistencies({ windGust, windSpeed, dewPoint, temperature }: Values): Flags | undefined {
  const gust =
    typeof windGust === "number" && typeof windSpeed === "number" && isGustDoubtful(windGust, windSpeed);
  const dew =
    typeof dewPoint === "number" &&
    typeof temperature === "number" &&
    dewPoint > temperature + DEW_POINT_ABOVE_TEMPERATURE;
  if (!gust && !dew) return undefined;
  return { ...(gust && { windGust: "doubtful:gust" }), ...(dew && { dewPoint: "doubtful:dew-point" }) };
}

/** In m/s. */
function isGustDoubtful(gust: number, meanWind: number): boolean {
  const highest = HIGHEST_GUST_FACTOR * Math.max(meanWind, WEAKEST_MEAN_WIND);
  return (gust >= JUDGED_GUST && gust > highest) || gust < meanWind - GUST_BELOW_MEAN;
}

/**
 * Flags as gold has them: `rain_intensity=999.9 erroneous:fill; wind_gust=39.7 doubtful:gust`, by the names of gold's
 * columns; empty without flags. The value is as it came; of one that is not a number, what it is instead.
 */
export function flagsText(values: Readonly<Record<string, unknown>>, flags: Flags): string {
  if (flags === NO_FLAGS) return "";
  return FIELDS.flatMap((field) => {
    const flag = flags[field];
    const value = values[field];
    return flag === undefined
      ? []
      : [`${MEASURES[field].column}=${isText(value) ? value : kindOf(value)} ${flag}`];
  }).join("; ");
}

function isText(value: unknown): value is number | string {
  return typeof value === "number" || numberIn(value) !== undefined;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "array" : typeof value;
}
