import { NotEmulatedError } from "../endpoint/error.ts";
import type { Statement } from "./policy.ts";

/** Condition keys (lower case) and their value in this request; `undefined` = a key this request does not carry. */
export type ConditionContext = Readonly<Record<string, string | undefined>>;

type Test = (value: string, expected: string) => boolean;

const equal: Test = (value, expected) => value === expected;
const equalIgnoringCase: Test = (value, expected) => value.toLowerCase() === expected.toLowerCase();
const like: Test = (value, expected) => matchesPattern(expected, value);
const arnLike: Test = (value, expected) => matchesArn(expected, value);

interface Operator {
  readonly test: Test;
  readonly negated: boolean;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", { test: equal, negated: false }],
  ["StringNotEquals", { test: equal, negated: true }],
  ["StringEqualsIgnoreCase", { test: equalIgnoringCase, negated: false }],
  ["StringLike", { test: like, negated: false }],
  ["StringNotLike", { test: like, negated: true }],
  ["ArnEquals", { test: arnLike, negated: false }],
  ["ArnLike", { test: arnLike, negated: false }],
  ["ArnNotEquals", { test: arnLike, negated: true }],
  ["ArnNotLike", { test: arnLike, negated: true }],
  ["Bool", { test: equalIgnoringCase, negated: false }],
]);

const IF_EXISTS = "IfExists";

/**
 * True when every operator and key of the statement's Condition holds. Several values of a key are alternatives.
 * Unknown operators and keys throw NotEmulatedError, because guessing would allow or deny calls silently.
 */
export function conditionsHold({ Condition = {} }: Statement, context: ConditionContext): boolean {
  return Object.entries(Condition).every(([name, keys]) =>
    Object.entries(keys).every(([key, expected]) => conditionHolds(name, key, expected, context)),
  );
}

function conditionHolds(
  name: string,
  key: string,
  expected: readonly string[],
  context: ConditionContext,
): boolean {
  const ifExists = name.endsWith(IF_EXISTS);
  const operator = OPERATORS.get(ifExists ? name.slice(0, -IF_EXISTS.length) : name);
  if (operator === undefined) throw new NotEmulatedError(`IAM condition operator ${name}`);
  if (!Object.hasOwn(context, key.toLowerCase())) throw new NotEmulatedError(`IAM condition key ${key}`);
  const value = context[key.toLowerCase()];
  // A missing key fails a positive operator and satisfies a negated one.
  if (value === undefined) return ifExists || operator.negated;
  return expected.some((one) => operator.test(value, one)) !== operator.negated;
}

/** IAM's wildcards: `*` is any run of characters (also across `:` and `/`), `?` is one. Matches the whole text. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern.includes("${")) throw new NotEmulatedError(`policy variable in "${pattern}"`);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** Actions match without regard to case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesPattern(pattern.toLowerCase(), action.toLowerCase());
}

/** ArnLike and ArnEquals match the first five of an ARN's six parts one by one, so `*` does not match a colon. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patternParts = arnParts(pattern);
  const parts = arnParts(arn);
  if (patternParts.length !== parts.length) return false;
  return patternParts.every((part, index) => matchesPattern(part, parts[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}
