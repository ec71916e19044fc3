/** What a parameter takes: a UTC day as `2024-04-30`, a number, or any text. */
export type ParameterKind = "day" | "number" | "text";

/** One `?` of a saved query. */
export interface QueryParameter {
  readonly name: string;
  readonly kind: ParameterKind;
  /** A day may be relative to the last day that has data: `last`, `last-30d`. */
  readonly default: string | number;
  /** Where only some values make sense. */
  readonly allowed?: readonly (string | number)[];
  /** Of a number, both ends included. */
  readonly range?: { readonly from: number; readonly to: number };
}

/** Thrown for a value that a parameter does not take. */
export class ParameterValueError extends Error {
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
  if (rule === "day" || rule === "number" || rule === "text") return ofKind(rule);
  const [, from, to] = RANGE.exec(rule) ?? [];
  if (from !== undefined && to !== undefined)
    return { ...ofKind("number"), range: { from: Number(from), to: Number(to) } };
  const choices = rule.split("|").map((choice) => choice.trim());
  const isNumeric = choices.every(isNumber);
  return {
    ...ofKind(isNumeric ? "number" : "text"),
    allowed: isNumeric ? choices.map(Number) : choices,
  };
}

function kindOf(value: string): ParameterKind {
  if (RELATIVE_DAY.test(value) || isDay(value)) return "day";
  return isNumber(value) ? "number" : "text";
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
  if (kind === "number" && !isNumber(text)) throw refuse("a number");
  const value = kind === "number" ? Number(text) : text;
  if (allowed !== undefined && !allowed.includes(value)) throw refuse(`one of ${allowed.join(", ")}`);
  if (range !== undefined && !(range.from <= Number(value) && Number(value) <= range.to))
    throw refuse(`a number from ${range.from} to ${range.to}`);
  return value;
}

function isNumber(text: string): boolean {
  return text.trim() !== "" && Number.isFinite(Number(text));
}

/** Also refuses 30 February, which Date takes for 1 March. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
