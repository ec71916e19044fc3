import type { AlertState } from "../alerts/state.ts";
import { FIELD_UNITS } from "../observation/fields.ts";
import { formatField, formatNumber } from "./format.ts";
import type { DigestField, Words } from "./words.ts";

/** The value of one field over the last 24 clock hours (UTC), from the known hours. */
interface DayValue {
  readonly field: DigestField;
  /** `sum` in mm; otherwise in the field's unit. */
  readonly as: "sum" | "max" | "min";
  readonly value: number;
  /** Number of known hours. Unknown hours do not count as zero. */
  readonly knownHours: number;
}

/** Most interesting first, since an SMS has room for the first ones only. */
const FIELDS: readonly DigestField[] = [
  "rainIntensity",
  "snowIntensity",
  "windGust",
  "temperature",
  "humidity",
  "windSpeed",
];

const DAY_HOURS = 24;
const DAY_SECONDS = DAY_HOURS * 3600;
/** Sums of decimal readings carry binary noise. */
const DECIMALS = 6;

/**
 * The values of the last 24 hours, from the history of a state. Only fields that rules measure have one. A reading on
 * the hour belongs to the hour that ends there.
 *
 * @param minima fields whose history keeps the hour's lowest value
 */
export function lastDay(
  history: AlertState["history"],
  until: Date,
  minima: readonly string[] = [],
): DayValue[] {
  const untilSeconds = until.getTime() / 1000;
  return FIELDS.flatMap((field) => {
    const values = (history[field] ?? [])
      .filter(([start]) => start >= untilSeconds - DAY_SECONDS && start < untilSeconds)
      .map(([, value]) => value);
    if (values.length === 0) return [];
    const as = FIELD_UNITS[field] === "mm/h" ? "sum" : minima.includes(field) ? "min" : "max";
    return [{ field, as, value: aggregate(values, as), knownHours: values.length }];
  });
}

function aggregate(values: readonly number[], as: DayValue["as"]): number {
  if (as === "max") return Math.max(...values);
  if (as === "min") return Math.min(...values);
  return Number(values.reduce((sum, value) => sum + value, 0).toFixed(DECIMALS));
}

/** "rain 115 mm", "gust max 33.5 km/h". */
export function dayValueInShort({ field, as, value }: DayValue, words: Words): string {
  const name = words.digest.fields[field];
  return as === "sum"
    ? `${name} ${formatNumber(value, words)} mm`
    : `${name} ${words.aggregates[as]} ${formatField(field, value, words)}`;
}

/** The same, with the number of known hours if some are unknown. */
export function dayValue(day: DayValue, words: Words): string {
  const text = dayValueInShort(day, words);
  return day.knownHours < DAY_HOURS ? `${text} (${words.digest.known(day.knownHours)})` : text;
}
