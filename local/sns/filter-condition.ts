import { NotEmulatedError } from "../endpoint/error.ts";
import { COMPARISONS } from "../events/pattern.ts";
import { FILTER_NUMBER_LIMIT } from "./limits.ts";

/** Thrown for a filter policy that SNS rejects, with SNS's message after `FilterPolicy: `. */
export class FilterPolicyError extends Error {
  override readonly name = "FilterPolicyError";
}

/** A value of a message attribute or of a condition. */
export type Value = string | number | boolean | null;

type TextOperator = "prefix" | "suffix" | "equals-ignore-case";

export type Condition =
  | { readonly kind: "exact"; readonly value: Value }
  | { readonly kind: "text"; readonly operator: TextOperator; readonly operand: string }
  | { readonly kind: "numeric"; readonly comparisons: readonly Comparison[] }
  | { readonly kind: "anything-but"; readonly excluded: readonly Condition[] }
  | { readonly kind: "exists"; readonly expected: boolean };

interface Comparison {
  readonly operator: string;
  readonly operand: number;
}

const TEXT: Readonly<Record<TextOperator, (value: string, operand: string) => boolean>> = {
  prefix: (value, operand) => value.startsWith(operand),
  suffix: (value, operand) => value.endsWith(operand),
  "equals-ignore-case": (value, operand) => value.toLowerCase() === operand.toLowerCase(),
};

/**
 * Whether one of the values satisfies the condition; for `anything-but`, whether none of them is excluded.
 * https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html
 */
export function satisfies(
  condition: Exclude<Condition, { kind: "exists" }>,
  values: readonly Value[],
): boolean {
  if (condition.kind !== "anything-but") return values.some((value) => accepts(condition, value));
  return values.length > 0 && !values.some((value) => condition.excluded.some((one) => accepts(one, value)));
}

function accepts(condition: Condition, value: Value): boolean {
  switch (condition.kind) {
    case "exact":
      return value === condition.value;
    case "text":
      return typeof value === "string" && TEXT[condition.operator](value, condition.operand);
    case "numeric":
      return (
        typeof value === "number" &&
        condition.comparisons.every(
          ({ operator, operand }) => COMPARISONS[operator]?.(value, operand) === true,
        )
      );
    default:
      return false;
  }
}

/** @throws {FilterPolicyError} naming the attribute. @throws {NotEmulatedError} for `wildcard` and `cidr`. */
export function parseCondition(name: string, condition: unknown): Condition {
  if (isValue(condition)) return { kind: "exact", value: checkedNumber(name, condition) };
  if (typeof condition !== "object" || Array.isArray(condition)) {
    throw new FilterPolicyError(`Match value must be String, number, true, false, or null: "${name}"`);
  }
  const [entry, ...others] = Object.entries(condition ?? {});
  if (entry === undefined || others.length > 0) {
    throw new FilterPolicyError(`Only one key allowed in match expression: "${name}"`);
  }
  const [operator, operand] = entry;
  if (isTextOperator(operator)) return textCondition(name, operator, operand);
  switch (operator) {
    case "numeric":
      return { kind: "numeric", comparisons: parseNumeric(name, operand) };
    case "anything-but":
      return { kind: "anything-but", excluded: parseExcluded(name, operand) };
    case "exists":
      if (typeof operand === "boolean") return { kind: "exists", expected: operand };
      throw new FilterPolicyError(`exists match pattern must be either true or false: "${name}"`);
    case "wildcard":
    case "cidr":
      throw new NotEmulatedError(`The SNS filter operator "${operator}" ("${name}")`);
    default:
      throw new FilterPolicyError(`Unrecognized match type ${operator}: "${name}"`);
  }
}

function textCondition(name: string, operator: TextOperator, operand: unknown): Condition {
  if (typeof operand === "string" && operand !== "") return { kind: "text", operator, operand };
  throw new FilterPolicyError(`${operator} match pattern must be a string: "${name}"`);
}

/** A value, several values, or `{prefix: …}`, `{suffix: …}`, `{equals-ignore-case: …}` with one string or several. */
function parseExcluded(name: string, operand: unknown): readonly Condition[] {
  const entry =
    typeof operand === "object" && !Array.isArray(operand) ? Object.entries(operand ?? {})[0] : undefined;
  if (entry !== undefined) {
    const [operator, texts] = entry;
    if (isTextOperator(operator)) return asList(texts).map((text) => textCondition(name, operator, text));
  }
  const values = asList(operand);
  if (values.length > 0 && values.every((value) => typeof value === "string" || typeof value === "number")) {
    return values.map((value) => ({ kind: "exact", value: checkedNumber(name, value) }));
  }
  throw new FilterPolicyError(
    `Value of anything-but must be a string, a number, a non-empty list of them, or a prefix or suffix: "${name}"`,
  );
}

/** `["=", 5]`, `["<", 5]`, or a range with its lower bound first: `[">", 0, "<=", 5]`. */
function parseNumeric(name: string, operand: unknown): readonly Comparison[] {
  const list = Array.isArray(operand) ? operand : [];
  const comparisons: Comparison[] = [];
  for (let index = 0; index < list.length; index += 2) {
    const [operator, value] = list.slice(index, index + 2);
    if (typeof operator !== "string" || COMPARISONS[operator] === undefined || typeof value !== "number") {
      throw new FilterPolicyError(
        `Value of numeric must be pairs of =, <, <=, >, >= and a number: "${name}"`,
      );
    }
    checkedNumber(name, value);
    comparisons.push({ operator, operand: value });
  }
  const [low, high] = comparisons;
  const isRange =
    low?.operator.startsWith(">") && high?.operator.startsWith("<") && low.operand < high.operand;
  if (comparisons.length === 1 || (comparisons.length === 2 && isRange === true)) return comparisons;
  throw new FilterPolicyError(
    `Value of numeric must be one comparison or a range, lower bound first: "${name}"`,
  );
}

function checkedNumber(name: string, value: Value): Value {
  if (typeof value !== "number" || Math.abs(value) <= FILTER_NUMBER_LIMIT) return value;
  throw new FilterPolicyError(`Match value ${value} of "${name}" must lie between -1E9 and 1E9`);
}

function isTextOperator(operator: string): operator is TextOperator {
  return operator in TEXT;
}

function isValue(value: unknown): value is Value {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
