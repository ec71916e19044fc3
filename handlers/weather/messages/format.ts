import { MEASURED_UNITS, type MeasuredField } from "../derived.ts";
import { inUnit } from "../measure.ts";
import type { Measure } from "../rules.ts";
import { DURATION_PATTERN } from "../time.ts";
import type { Words } from "./language.ts";

/** A number as people write it: at most one decimal, no thousands separator. */
export function formatNumber(value: number, { tag }: Words): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: 1, useGrouping: false }).format(value);
}

/** Figure of an observation in the units people use: wind in km/h. */
export function formatField(field: MeasuredField, value: number, words: Words): string {
  const unit = MEASURED_UNITS[field] === "m/s" ? "km/h" : MEASURED_UNITS[field];
  return `${formatNumber(inUnit(field, value, "km/h"), words)} ${unit}`.trimEnd();
}

/** A value or threshold of a rule's measure; wind without a unit of its own is told in km/h. */
export function formatQuantity(measure: Measure, value: number, words: Words): string {
  if (measure.as === "sum") return `${formatNumber(value, words)} mm`;
  if (measure.unit !== undefined) return `${formatNumber(value, words)} ${measure.unit}`;
  return formatField(measure.metric, value, words);
}

/** What was measured: "101.4 mm in 24 h", "gust 105 km/h", "mean humidity 12 % in 3 h". */
export function formatFigure(measure: Measure, value: number, words: Words): string {
  const { as, over, metric } = measure;
  const aggregate = as === undefined || as === "sum" ? undefined : words.aggregates[as];
  const name = as === "sum" ? undefined : words.measures[metric];
  const figure = [name, aggregate, formatQuantity(measure, value, words)]
    .filter((part) => part !== undefined)
    .join(" ");
  return over === undefined ? figure : words.within(figure, formatWindow(over, words));
}

function formatWindow(over: string, words: Words): string {
  const [, amount, unit] = DURATION_PATTERN.exec(over) ?? [];
  const isUnit = unit === "s" || unit === "m" || unit === "h" || unit === "d";
  return isUnit ? `${amount} ${words.windowUnits[unit]}` : over;
}

/** Local time of a place, short: "30/04 08:00". */
export function formatTime(time: Date, timeZone: string, { tag }: Words): string {
  return formatParts(time, tag, {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** Local time of a place, whole, with the zone: "30/04/2024 08:00 (America/Sao_Paulo)". */
export function formatFullTime(time: Date, timeZone: string, { tag }: Words): string {
  const text = formatParts(time, tag, {
    timeZone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `${text} (${timeZone})`;
}

/** Put together from parts, because how Intl joins date and time changes between ICU versions. */
function formatParts(time: Date, tag: string, options: Intl.DateTimeFormatOptions): string {
  const parts = new Intl.DateTimeFormat(tag, options).formatToParts(time);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((candidate) => candidate.type === type)?.value;
  const date = [part("day"), part("month"), part("year")].filter((text) => text !== undefined).join("/");
  return `${date} ${part("hour")}:${part("minute")}`;
}
