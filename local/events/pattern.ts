import { isObject, parseJson } from "../../lib/json.ts";
import { NotEmulatedError } from "../endpoint/error.ts";

export type Matcher = (value: unknown) => boolean;

/** Operators of `numeric`, which filter policies of SNS share. */
export const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  "=": (value, bound) => value === bound,
  "<": (value, bound) => value < bound,
  "<=": (value, bound) => value <= bound,
  ">": (value, bound) => value > bound,
  ">=": (value, bound) => value >= bound,
};

/**
 * Matches values that match one of several patterns, given as JSON; without a pattern, every value.
 *
 * @param owner the resource with the patterns, for errors
 * @throws NotEmulatedError naming the owner and an operator that is not emulated.
 * @throws Error for a pattern that is not a JSON object.
 */
export function filterMatcher(owner: string, patterns: readonly string[]): Matcher {
  if (patterns.length === 0) return () => true;
  const matchers = patterns.map((text) => {
    const pattern = parseJson(text);
    if (isObject(pattern)) return objectMatcher(owner, pattern);
    throw new Error(`${owner}: filter pattern ${text} is not a JSON object`);
  });
  return (value) => matchers.some((matches) => matches(value));
}

/**
 * Matches values against a pattern of EventBridge. Exact values, `prefix` and `numeric` are emulated.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 *
 * @param owner the resource with the pattern, for errors
 * @throws NotEmulatedError naming the owner and an operator that is not emulated.
 */
export function objectMatcher(owner: string, pattern: Record<string, unknown>): Matcher {
  const fields = Object.entries(pattern).map(([key, rule]) => ({
    key,
    matches: ruleMatcher(owner, key, rule),
  }));
  return (value) => isObject(value) && fields.every(({ key, matches }) => matches(value[key]));
}

function ruleMatcher(owner: string, key: string, rule: unknown): Matcher {
  if (isObject(rule)) return objectMatcher(owner, rule);
  if (!Array.isArray(rule)) throw new NotEmulatedError(`${owner}: the filter rule ${key}`);
  const alternatives = rule.map((alternative) => alternativeMatcher(owner, alternative));
  return (value) => {
    // A rule on an array matches when one of the elements matches.
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.some((each) => alternatives.some((matches) => matches(each)));
  };
}

function alternativeMatcher(owner: string, alternative: unknown): Matcher {
  if (!isObject(alternative)) return (value) => value === alternative;
  const [[operator, operand] = ["none", undefined], ...others] = Object.entries(alternative);
  if (others.length === 0 && operator === "prefix" && typeof operand === "string")
    return (value) => typeof value === "string" && value.startsWith(operand);
  if (others.length === 0 && operator === "numeric" && Array.isArray(operand))
    return numericMatcher(owner, operand);
  throw new NotEmulatedError(`${owner}: the filter operator ${JSON.stringify(alternative)}`);
}

function numericMatcher(owner: string, operand: readonly unknown[]): Matcher {
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const bound = operand[index + 1];
    if (compare === undefined || typeof bound !== "number")
      throw new NotEmulatedError(`${owner}: the filter operator numeric ${JSON.stringify(operand)}`);
    tests.push((value) => compare(value, bound));
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
}
