import { relative, resolve } from "node:path";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { formatQuantity, formatReading } from "../../handlers/weather/messages/format.ts";
import { wordsOf } from "../../handlers/weather/messages/language.ts";
import type { WeatherRecord } from "../../handlers/weather/observation/record.ts";
import { colorOfLevel } from "../level-color.ts";

const WORDS = wordsOf("en");

/** `2024-04-30 11:00 UTC` */
export function utc(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** One alert on one line: when, what, where, value against threshold. */
export function alertLine({
  time,
  location,
  hazard,
  level,
  kind,
  measure,
  value,
  threshold,
  unconfirmed,
}: Transition): string {
  const name = colorOfLevel(level, level.toUpperCase().padEnd(6));
  const reading = `${formatReading(measure, value, WORDS)} (limit ${formatQuantity(measure, threshold, WORDS)})`;
  return `${utc(new Date(time))}  ${name}  ${kind.padEnd(10)}  ${hazard.padEnd(7)}  ${location}  ${reading}${unconfirmed ? ", unconfirmed" : ""}`;
}

const POLLED = ["temperature", "humidity", "windGust", "rainIntensity"] as const;

/** An observation on one line: when, where, and the values that most rules are about. */
export function observationLine({ data: { time, values }, location }: WeatherRecord): string {
  const shown = POLLED.flatMap((metric) => {
    const value = values[metric];
    return typeof value === "number" ? [formatReading({ metric }, value, WORDS)] : [];
  });
  return `${utc(new Date(time))}  ${location.id}  ${shown.join(", ") || "no values"}`;
}

/** A path as short as it goes: relative inside the current folder, absolute elsewhere. */
export function shown(path: string): string {
  const short = relative(".", path);
  return short.startsWith("..") ? resolve(path) : short;
}
