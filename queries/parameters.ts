import { closest } from "fastest-levenshtein";
import { UserError } from "../lib/user-error.ts";

/** What a parameter takes: a UTC day as `2024-04-30`, a number, numbers as `20/50`, an IANA time zone, or any text. */
export const PARAMETER_KINDS = ["day", "number", "numbers", "zone", "text"] as const;
export type ParameterKind = (typeof PARAMETER_KINDS)[number];

/** One `?` of a saved query. */
export interface QueryParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** A day may be relative to the last day that has data: `last`, `last-30d`. */
  readonly default: string | number;
  /** Where only some values make sense. */
  readonly allowed?: readonly (string | number)[];
  /** Of a number or of each of several, both ends included. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** Thrown for a value that a parameter does not take. */
export class ParameterValueError extends UserError {
  override readonly name = "ParameterValueError";
  readonly parameter: string;
  readonly value: string;
  /** Goes on after parameter and value: what is wrong with it, and what is allowed. */
  readonly problem: string;

  constructor(parameter: string, value: string, problem: string) {
    super(`${parameter} ${value} ${problem}`);
    this.parameter = parameter;
    this.value = value;
    this.problem = problem;
  }
}

const RELATIVE_DAY = /^last(?:-(\d+)d)?$/;
const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/;
const DAY_MILLISECONDS = 86_400_000;
/** As many of a list of numbers as a saved query reads: it splits the text at so many places. */
const MOST_NUMBERS = 100;

/**
 * Reads `name = default`, `name = default (kind)`, `name = default (this|that)` or `name = default (low..high)` of a header.
 * Without a kind, it is the default's. Undefined for anything else, a default that its own rule refuses included.
 */
export function parseParameter(text: string): QueryParameter | undefined {
  const [, name, value, rule] = /^([a-z][a-z0-9_]*) = (\S+)(?: \(([^()]+)\))?$/.exec(text) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const parameter = ruled(name, value, rule);
  const checked = parameter.kind === "day" ? (resolveDay(value, "2000-01-01") ?? value) : value;
  try {
    parseValue(parameter, checked);
    return parameter;
  } catch (error) {
    if (error instanceof ParameterValueError) return undefined;
    throw error;
  }
}

function ruled(name: string, value: string, rule: string | undefined): QueryParameter {
  const ofKind = (kind: ParameterKind): QueryParameter => ({
    name,
    kind,
    default: kind === "number" ? Number(value) : value,
  });
  if (rule === undefined) return ofKind(kindOf(value));
  const named = PARAMETER_KINDS.find((kind) => kind === rule);
  if (named !== undefined) return ofKind(named);
  const [, from, to] = RANGE.exec(rule) ?? [];
  if (from !== undefined && to !== undefined) {
    const kind = kindOf(value) === "numbers" ? "numbers" : "number";
    return { ...ofKind(kind), range: { from: Number(from), to: Number(to) } };
  }
  const choices = rule.split("|").map((choice) => choice.trim());
  const isNumeric = choices.every(isNumber);
  return {
    ...ofKind(isNumeric ? "number" : "text"),
    allowed: isNumeric ? choices.map(Number) : choices,
  };
}

function kindOf(value: string): ParameterKind {
  if (RELATIVE_DAY.test(value) || isDay(value)) return "day";
  if (isNumber(value)) return "number";
  if (numbersOf(value) !== undefined) return "numbers";
  return value.includes("/") && isTimeZone(value) ? "zone" : "text";
}

/** `2024-04-30` as it is; `last` and `last-30d` counted from `lastDay`, the last day that has data. Undefined for other text. */
export function resolveDay(text: string, lastDay: string): string | undefined {
  if (isDay(text)) return text;
  const relative = RELATIVE_DAY.exec(text);
  if (relative === null) return undefined;
  const time = new Date(Date.parse(lastDay) - Number(relative[1] ?? 0) * DAY_MILLISECONDS);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString().slice(0, 10);
}

/**
 * The values of a query's parameters in their order: what is `given` by name, the defaults elsewhere, relative days counted
 * from `lastDay`. Throws {@link ParameterValueError}, also when `from` is after `to`.
 */
export function parameterValues(
  parameters: readonly QueryParameter[],
  { lastDay, given = {} }: { lastDay: string; given?: GivenValues },
): (string | number)[] {
  const values = parameters.map((parameter) => {
    const text = String(given[parameter.name] ?? parameter.default);
    const day = parameter.kind === "day" ? resolveDay(text, lastDay) : undefined;
    return parseValue(parameter, day ?? text);
  });
  requireOrder(parameters, values, given);
  return values;
}

/** By name; what is undefined is not given. */
type GivenValues = Readonly<Record<string, string | number | undefined>>;

function requireOrder(
  parameters: readonly QueryParameter[],
  values: readonly (string | number)[],
  given: GivenValues,
): void {
  const [from, to] = ["from", "to"].map((name) => values[parameters.findIndex((each) => each.name === name)]);
  if (from === undefined || to === undefined || from <= to) return;
  const [fromWhere, toWhere] = [given.from, given.to].map((day) =>
    day === undefined ? ", its default" : "",
  );
  const hint = fromWhere || toWhere ? "; name both" : "";
  throw new ParameterValueError(
    "from",
    `${from}${fromWhere && `${fromWhere},`}`,
    `is after to ${to}${toWhere}${hint}`,
  );
}

function parseValue({ name, kind, allowed, range }: QueryParameter, text: string): string | number {
  const refuse = (what: string) => new ParameterValueError(name, text, `is not allowed: ${what}`);
  if (kind === "day" && !isDay(text)) throw refuse("a day as 2024-04-30, or last, last-30d");
  if (kind === "zone" && !isTimeZone(text)) {
    const nearest = /^[A-Za-z]/.test(text) ? didYouMean(text, Intl.supportedValuesOf("timeZone")) : "";
    throw refuse(`an IANA time zone as America/Sao_Paulo${nearest}`);
  }
  const limits = range === undefined ? "" : ` from ${range.from} to ${range.to}`;
  const isInRange = (number: number) => range === undefined || (range.from <= number && number <= range.to);
  if (kind === "numbers") {
    const numbers = numbersOf(text);
    if (numbers !== undefined && numbers.length <= MOST_NUMBERS && numbers.every(isInRange))
      return numbers.join("/");
    const list = `up to ${MOST_NUMBERS} numbers${limits}, separated by slashes as 20/50`;
    throw refuse(`${list}${otherSeparator(text)}`);
  }
  if (kind === "number" && !isNumber(text)) throw refuse(`a number${limits}`);
  const value = kind === "number" ? Number(text) : text;
  if (allowed !== undefined && !allowed.includes(value))
    throw refuse(`one of ${allowed.join(", ")}${didYouMean(text, allowed.map(String))}`);
  if (typeof value === "number" && !isInRange(value)) throw refuse(`a number${limits}`);
  return value;
}

/** `; did you mean "rain_24h"?`, the nearest of the values that are known. */
export function didYouMean(text: string, known: readonly string[]): string {
  return known.length === 0 ? "" : `; did you mean "${closest(text, known)}"?`;
}

/** A decimal number as people write it: `Number` also takes blanks, `0x10` and `Infinity`. */
function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) && Number.isFinite(Number(text));
}

/** The numbers of `20/50`, or of `20` alone. */
function numbersOf(text: string): number[] | undefined {
  const parts = text.split("/");
  return parts.every(isNumber) ? parts.map(Number) : undefined;
}

/** What a list with other separators means. `20,5` may also be a decimal comma, so it is not taken for either. */
function otherSeparator(text: string): string {
  const parts = text.split(/[\s,;|]+/);
  return parts.length > 1 && parts.every(isNumber) ? `; did you mean "${parts.join("/")}"?` : "";
}

/** A name of the IANA database: an offset such as +03:00 is one for Intl, but has no daylight saving time. */
function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Also refuses 30 February, which Date takes for 1 March. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
