import { NotEmulatedError } from "../../aws/error.ts";

/** True for a record that reaches the function. */
export type EventFilter = (record: { readonly data: Uint8Array; readonly partitionKey: string }) => boolean;

type Matcher = (value: unknown) => boolean;

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/**
 * Filter patterns of an event-source mapping over a stream: a record passes when one of them matches; with no pattern
 * every record passes. A pattern on `data` never matches data that is not JSON.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 *
 * @param mapping the mapping's name, for errors
 * @param patterns JSON texts; exact values, `prefix` and `numeric` are known
 * @throws NotEmulatedError naming the mapping and an operator that is not known.
 * @throws Error for a pattern that is no JSON object.
 */
export function createEventFilter(mapping: string, patterns: readonly string[]): EventFilter {
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map((pattern) => objectMatcher(mapping, parsePattern(mapping, pattern)));
  return ({ data, partitionKey }) => {
    const event = { data: parseJson(data), partitionKey };
    return matchers.some((matches) => matches(event));
  };
}

function parsePattern(mapping: string, text: string): Record<string, unknown> {
  const pattern = parseJson(Buffer.from(text));
  if (isObject(pattern)) return pattern;
  throw new Error(`Event-source mapping ${mapping}: filter pattern ${text} is no JSON object`);
}

/** @returns undefined for what is not JSON. */
function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(data).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function objectMatcher(mapping: string, pattern: Record<string, unknown>): Matcher {
  const fields = Object.entries(pattern).map(([key, rule]) => ({
    key,
    matches: ruleMatcher(mapping, key, rule),
  }));
  return (value) => isObject(value) && fields.every(({ key, matches }) => matches(value[key]));
}

function ruleMatcher(mapping: string, key: string, rule: unknown): Matcher {
  if (isObject(rule)) return objectMatcher(mapping, rule);
  if (!Array.isArray(rule))
    throw new NotEmulatedError(`Event-source mapping ${mapping}: the filter rule ${key}`);
  const alternatives = rule.map((alternative) => alternativeMatcher(mapping, alternative));
  return (value) => {
    // A rule on a field that holds an array matches when one of its elements does.
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.some((each) => alternatives.some((matches) => matches(each)));
  };
}

function alternativeMatcher(mapping: string, alternative: unknown): Matcher {
  if (!isObject(alternative)) return (value) => value === alternative;
  const [[operator, operand] = ["none", undefined], ...others] = Object.entries(alternative);
  if (others.length === 0 && operator === "prefix" && typeof operand === "string")
    return (value) => typeof value === "string" && value.startsWith(operand);
  if (others.length === 0 && operator === "numeric" && Array.isArray(operand))
    return numericMatcher(mapping, operand);
  throw new NotEmulatedError(
    `Event-source mapping ${mapping}: the filter operator ${JSON.stringify(alternative)}`,
  );
}

function numericMatcher(mapping: string, operand: readonly unknown[]): Matcher {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const bound = operand[index + 1];
    if (compare === undefined || typeof bound !== "number")
      throw new NotEmulatedError(
        `Event-source mapping ${mapping}: the filter operator numeric ${JSON.stringify(operand)}`,
      );
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}
