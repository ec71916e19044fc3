import { literalPattern } from "./literal-pattern.ts";
import type { ProjectionSettings } from "./projection-settings.ts";

const SECOND = 1000;
/** Milliseconds of a unit. */
const FIXED: Readonly<Record<string, number>> = {
  SECOND,
  MINUTE: 60 * SECOND,
  HOUR: 3600 * SECOND,
  DAY: 86_400 * SECOND,
  WEEK: 7 * 86_400 * SECOND,
};
const MONTHS: Readonly<Record<string, number>> = { MONTH: 1, YEAR: 12 };

/** Letters of Java's DateTimeFormatter, each with its place in `YYYY-MM-DDTHH:MM:SS`. */
const FIELDS: Readonly<Record<string, readonly [number, number]>> = {
  yyyy: [0, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
  mm: [14, 16],
  ss: [17, 19],
};

/**
 * The values of a partition key of type date, first to last, in UTC. `NOW` of a range is `now`.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html#partition-projection-date-type
 * Throws NotEmulatedError naming the property that cannot be read.
 */
export function* projectedDates(settings: ProjectionSettings, now: Date): Generator<string> {
  const format = parseFormat(settings);
  const range = settings.required("range");
  const bounds = range.split(",").map((text) => boundOf(text.trim(), format, now));
  const [first, last] = bounds;
  if (first === undefined || last === undefined || bounds.length !== 2)
    throw settings.refusal("range", `"${range}", where two dates of the format or NOW+1DAYS are allowed`);
  const count = settings.count("interval", 1);
  const unit = unitOf(settings, format);
  for (let time = first; time <= last; time = plus(time, count, unit)) yield format.write(time);
}

interface DateFormat {
  readonly letters: readonly string[];
  /** Milliseconds UTC; undefined for text of another format. */
  read(text: string): number | undefined;
  write(time: number): string;
}

function parseFormat(settings: ProjectionSettings): DateFormat {
  const text = settings.required("format");
  const tokens = text.trim().match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  const isLetters = (token: string) => /^[A-Za-z]/.test(token);
  const literal = (token: string) => token.replaceAll("'", "");
  const unknown = tokens.find((token) => isLetters(token) && FIELDS[token] === undefined);
  if (unknown !== undefined || tokens.join("") !== text.trim())
    throw settings.refusal("format", `"${text}", where ${Object.keys(FIELDS).join(" ")} are allowed`);
  const letters = tokens.filter(isLetters);
  const pattern = new RegExp(
    `^${tokens.map((token) => (isLetters(token) ? `(\\d{${token.length}})` : literalPattern(literal(token)))).join("")}$`,
  );
  return {
    letters,
    read(value) {
      const found = pattern.exec(value)?.slice(1);
      if (found === undefined) return undefined;
      const field = (name: string, missing: string) => found[letters.indexOf(name)] ?? missing;
      const date = `${field("yyyy", "1970")}-${field("MM", "01")}-${field("dd", "01")}`;
      const time = Date.parse(`${date}T${field("HH", "00")}:${field("mm", "00")}:${field("ss", "00")}Z`);
      return Number.isNaN(time) ? undefined : time;
    },
    write(time) {
      const iso = new Date(time).toISOString();
      return tokens
        .map((token) => (isLetters(token) ? iso.slice(...(FIELDS[token] ?? [0, 0])) : literal(token)))
        .join("");
    },
  };
}

/** A bound of a range, cut to what the format tells; undefined when it is none. */
function boundOf(text: string, format: DateFormat, now: Date): number | undefined {
  if (!text.startsWith("NOW")) return format.read(text);
  const [, sign, amount = "0", unit = "DAY"] =
    /^NOW(?:\s*([+-])\s*(\d+)\s*(SECOND|MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?)?$/.exec(text) ?? ["", "?"];
  if (sign === "?") return undefined;
  return format.read(format.write(plus(now.getTime(), Number(`${sign ?? "+"}${amount}`), unit)));
}

function unitOf(settings: ProjectionSettings, { letters }: DateFormat): string {
  const finest = letters.includes("dd") ? "DAY" : "MONTH";
  const isFiner = ["HH", "mm", "ss"].some((letter) => letters.includes(letter));
  const needed = isFiner || !letters.includes("MM");
  const text = (
    needed ? settings.required("interval.unit") : (settings.optional("interval.unit") ?? finest)
  ).trim();
  const unit = text.toUpperCase().replace(/S$/, "");
  if (FIXED[unit] === undefined && MONTHS[unit] === undefined) {
    const allowed = [...Object.keys(FIXED), ...Object.keys(MONTHS)].map((name) => `${name}S`).join(", ");
    throw settings.refusal("interval.unit", `"${text}", where ${allowed} are allowed`);
  }
  return unit;
}

/** A day that the month reached does not have becomes its last. */
function plus(time: number, count: number, unit: string): number {
  const months = MONTHS[unit];
  if (months === undefined) return time + count * (FIXED[unit] ?? 0);
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}
