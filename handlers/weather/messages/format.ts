import { memoize } from "../../../lib/memoize.ts";
import { FIELD_UNITS, type Field } from "../observation/fields.ts";
import { DURATION_PATTERN } from "../observation/time.ts";
import { inUnit } from "../observation/units.ts";
import type { Measure } from "../rules/rules.ts";
import type { MetricName, Words } from "./words.ts";

const numberFormat = memoize(
  (tag: string) => new Intl.NumberFormat(tag, { maximumFractionDigits: 1, useGrouping: false }),
  (tag) => tag,
);

/** A number as people write it: at most one decimal, no thousands separator. */
export function formatNumber(value: number, { tag }: Words): string {
  return numberFormat(tag).format(value);
}

/** A measure as messages see it: of a field, or of a derived metric. */
export type Measured = Omit<Measure, "metric"> & { readonly metric: MetricName };

/** One condition of a rule and what was observed. */
export interface Condition {
  readonly measure: Measured;
  readonly below: boolean;
  readonly value: number;
  readonly threshold: number;
}

/** Unit of a metric as it is observed. */
export function unitOf(metric: MetricName): string {
  return isField(metric) ? FIELD_UNITS[metric] : "°C";
}

function isField(metric: MetricName): metric is Field {
  return Object.hasOwn(FIELD_UNITS, metric);
}

/** An observed value in the units people use: wind in km/h. */
export function formatField(field: Field, value: number, words: Words): string {
  return formatQuantity({ metric: field }, value, words);
}

/** A value or threshold of a rule's measure; wind without a unit is shown in km/h. */
export function formatQuantity(measure: Measured, value: number, words: Words): string {
  const { amount, unit } = inPeoplesUnit(measure, value);
  return `${formatNumber(amount, words)} ${unit}`.trimEnd();
}

/** As {@link formatQuantity}, without the unit. */
function formatAmount(measure: Measured, value: number, words: Words): string {
  return formatNumber(inPeoplesUnit(measure, value).amount, words);
}

/** A measure's value is in its own unit already, if it has one. */
function inPeoplesUnit({ metric, as, unit }: Measured, value: number): Amount {
  if (as === "sum") return { amount: value, unit: "mm" };
  return unit === undefined ? readable(metric, value) : { amount: value, unit };
}

interface Amount {
  readonly amount: number;
  readonly unit: string;
}

/** An observed value (m/s for wind) in the unit that people use: that of a rule, or km/h. */
export function readable(metric: MetricName, value: number, unit: Measured["unit"] = "km/h"): Amount {
  if (isField(metric) && FIELD_UNITS[metric] === "m/s") return { amount: inUnit(metric, value, unit), unit };
  return { amount: value, unit: unitOf(metric) };
}

/**
 * What was measured: "101.4 mm in 24 h", "gust 105 km/h", "humidity mean 12 % in 3 h". Rain goes without its name:
 * nothing else is in mm, and the hazard mostly says it.
 */
export function formatReading(measure: Measured, value: number, words: Words): string {
  return reading(
    measure.metric === "rainIntensity" ? undefined : words.measures[measure.metric],
    measure,
    value,
    words,
  );
}

/** The same with the name in any case, for one of several measures. */
export function formatNamedReading(measure: Measured, value: number, words: Words): string {
  return reading(words.measures[measure.metric], measure, value, words);
}

/** One of several measures, in short: "temp. 33 °C", "rain 0.2 mm in 24 h". */
export function formatShortReading(measure: Measured, value: number, words: Words): string {
  const { metric } = measure;
  return reading(words.shortMeasures[metric] ?? words.measures[metric], measure, value, words);
}

function reading(name: string | undefined, measure: Measured, value: number, words: Words): string {
  const { as, over } = measure;
  const aggregate = as === undefined || as === "sum" ? undefined : words.aggregates[as];
  const text = [name, aggregate, formatQuantity(measure, value, words)]
    .filter((part) => part !== undefined)
    .join(" ");
  return over === undefined ? text : words.within(text, formatWindow(over, words));
}

/** What a value is compared with: "limit 100 mm", "below 20 %". An all-clear says on which side of the limit it is now. */
export function formatLimit({ measure, below, threshold }: Condition, isOver: boolean, words: Words): string {
  const quantity = formatQuantity(measure, threshold, words);
  if (isOver) return below ? words.roseAbove(quantity) : words.fellBelow(quantity);
  return below ? words.below(quantity) : words.limit(quantity);
}

/** The same in short, in the value's unit: "100", "<20". */
export function formatShortLimit({ measure, below, threshold }: Condition, words: Words): string {
  return `${below ? "<" : ""}${formatAmount(measure, threshold, words)}`;
}

function formatWindow(over: string, words: Words): string {
  const [, amount, unit] = DURATION_PATTERN.exec(over) ?? [];
  const isUnit = unit === "s" || unit === "m" || unit === "h" || unit === "d";
  return isUnit ? `${amount} ${words.windowUnits[unit]}` : over;
}

/** Local time of a location, short: "30/04 08:00", "30 Apr 08:00". */
export function formatTime(time: Date, timeZone: string, words: Words): string {
  return formatParts(time, { timeZone, isFull: false }, words);
}

/** An hour in local time: "30/04 07:00-08:00". */
export function formatHour(start: Date, timeZone: string, words: Words): string {
  const end = formatTime(new Date(start.getTime() + 3_600_000), timeZone, words);
  return `${formatTime(start, timeZone, words)}-${end.slice(-"08:00".length)}`;
}

/** Local time of a location with year and time zone: "30/04/2024 08:00 (horário de Brasília)". */
export function formatFullTime(time: Date, timeZone: string, words: Words): string {
  return formatParts(time, { timeZone, isFull: true }, words);
}

interface TimeFormat {
  readonly timeZone: string;
  /** With the year and the time zone. */
  readonly isFull: boolean;
}

const timeFormat = memoize(
  ({ tag, monthFormat, timeZone, isFull }: TimeFormat & Pick<Words, "tag" | "monthFormat">) =>
    new Intl.DateTimeFormat(tag, {
      timeZone,
      day: "2-digit",
      month: monthFormat,
      ...(isFull && { year: "numeric", timeZoneName: "longGeneric" }),
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }),
  ({ tag, timeZone, isFull }) => `${tag} ${timeZone} ${isFull}`,
);

/** Put together from parts, because how Intl joins date and time changes between ICU versions. */
function formatParts(time: Date, format: TimeFormat, { tag, monthFormat, dateTime }: Words): string {
  const parts = timeFormat({ ...format, tag, monthFormat }).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((candidate) => candidate.type === type)?.value;
  return dateTime({
    day: part("day") ?? "",
    month: part("month") ?? "",
    year: part("year"),
    clock: `${part("hour")}:${part("minute")}`,
    zone: part("timeZoneName")?.replace(/^GMT(?:[+-]00?:?00)?$/, "UTC"),
  });
}
