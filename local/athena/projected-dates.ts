import { NotEmulatedError } from "../endpoint/error.ts";

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

/** Letters of Java's DateTimeFormatter, each with its start and end in `YYYY-MM-DDTHH:MM:SS`. */
const FIELDS: Readonly<Record<string, readonly [number, number]>> = {
  yyyy: [0, 4],
  MM: [5, 7],
  dd: [8, 10],
  HH: [11, 13],
  mm: [14, 16],
  ss: [17, 19],
};

/** The hours of 28 years. A range with more values is a mistake: planning a query would take longer than running it. */
const MAXIMUM_VALUES = 250_000;

const SETTINGS: readonly string[] = ["type", "range", "format", "interval", "interval.unit"];

/**
 * The values of a partition key of type date in UTC, with both ends of the range. `NOW` in a range is `now`.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html#partition-projection-date-type
 * Throws NotEmulatedError naming a property that is missing, unreadable or not emulated.
 */
export function projectedDates(settings: ProjectionSettings, now: Date): ReadonlySet<string> {
  const type = settings.required("type");
  if (type.trim().toLowerCase() !== "date") throw settings.notEmulated("type", `"${type}"`);
  const unknown = settings.names.find((name) => !SETTINGS.includes(name));
  if (unknown !== undefined) throw settings.notEmulated(unknown, "of a column of type date");
  const format = parseFormat(settings);
  const range = settings.required("range");
  const bounds = range.split(",").map((text) => boundOf(text.trim(), format, now));
  const [first, last] = bounds;
  if (first === undefined || last === undefined || bounds.length !== 2)
    throw settings.notEmulated("range", `"${range}", where two dates of the format or NOW+1DAYS are allowed`);
  const count = settings.count("interval", 1);
  const unit = unitOf(settings, format);
  const dates = new Set<string>();
  for (let time = first; time <= last; time = plus(time, count, unit)) {
    dates.add(format.write(time));
    if (dates.size > MAXIMUM_VALUES)
      throw settings.notEmulated("range", `of more than ${MAXIMUM_VALUES} values`);
  }
  return dates;
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
    throw settings.notEmulated("format", `"${text}", where ${Object.keys(FIELDS).join(" ")} are allowed`);
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

/** A bound of a range, truncated to the precision of the format; undefined when it cannot be read. */
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
    throw settings.notEmulated("interval.unit", `"${text}", where ${allowed} are allowed`);
  }
  return unit;
}

/** Adds units to a time. A day that the resulting month does not have becomes the month's last day. */
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

/** Properties `projection.KEY.…` of one partition key, with errors that name them. */
export class ProjectionSettings {
  readonly #table: string;
  readonly #key: string;
  readonly #values: ReadonlyMap<string, string>;

  constructor(table: string, key: string, values: ReadonlyMap<string, string> = new Map()) {
    this.#table = table;
    this.#key = key;
    this.#values = values;
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** As it is: white space is part of an enumerated value. */
  optional(name: string): string | undefined {
    return this.#values.get(name);
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw this.notEmulated(name, "that is missing");
    return value;
  }

  /** A whole number of 1 or more. */
  count(name: string, missing: number): number {
    const text = this.optional(name)?.trim() ?? String(missing);
    if (!/^[1-9]\d*$/.test(text))
      throw this.notEmulated(name, `"${text}", where a whole number of 1 or more is allowed`);
    return Number(text);
  }

  notEmulated(name: string, problem: string): NotEmulatedError {
    return new NotEmulatedError(`table ${this.#table} with projection.${this.#key}.${name} ${problem}`);
  }
}

/** Text as a regular expression that matches it and nothing else. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
