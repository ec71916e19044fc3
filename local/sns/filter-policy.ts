import { NotEmulatedError } from "../aws/error.ts";
import { type Condition, parseCondition, satisfies, type Value } from "./filter-condition.ts";
import { FilterPolicyError } from "./filter-policy-error.ts";
import {
  FILTER_ATTRIBUTE_NAMES_LIMIT,
  FILTER_COMBINATIONS_LIMIT,
  FILTER_POLICY_LIMIT_BYTES,
} from "./limits.ts";

/** Every attribute must satisfy one of its conditions, and of each `$or` at least one alternative must hold. */
export interface FilterPolicy {
  readonly attributes: ReadonlyMap<string, readonly Condition[]>;
  readonly alternatives: readonly (readonly FilterPolicy[])[];
}

/** Values of each attribute of a message; a String or Number has one, a String.Array any number. */
export type FilterAttributes = ReadonlyMap<string, readonly Value[]>;

/**
 * Reads a filter policy of scope MessageAttributes, JSON text.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 * @throws {FilterPolicyError} when SNS would refuse it.
 * @throws {NotEmulatedError} for the operators `wildcard` and `cidr`.
 */
export function parseFilterPolicy(text: string): FilterPolicy {
  if (Buffer.byteLength(text) > FILTER_POLICY_LIMIT_BYTES)
    throw new FilterPolicyError("Filter policy is too long");
  const policy = parseObject(parseJson(text));
  if (namesOf(policy).size > FILTER_ATTRIBUTE_NAMES_LIMIT) {
    throw new FilterPolicyError(`Filter policy can not have more than ${FILTER_ATTRIBUTE_NAMES_LIMIT} keys`);
  }
  const combinations = combinationsOf(policy);
  if (combinations > FILTER_COMBINATIONS_LIMIT) {
    throw new FilterPolicyError(
      `Filter policy is too complex: ${combinations} combinations of at most ${FILTER_COMBINATIONS_LIMIT}`,
    );
  }
  return policy;
}

/** Whether a subscription with this policy gets a message with these attributes. */
export function matchesFilterPolicy(policy: FilterPolicy, message: FilterAttributes): boolean {
  const attributesMatch = [...policy.attributes].every(([name, conditions]) =>
    conditions.some((condition) => satisfiesAttribute(condition, message, name)),
  );
  return (
    attributesMatch &&
    policy.alternatives.every((policies) => policies.some((one) => matchesFilterPolicy(one, message)))
  );
}

/** `exists: false` asks for at least one other attribute. https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html */
function satisfiesAttribute(condition: Condition, message: FilterAttributes, name: string): boolean {
  const values = message.get(name);
  if (condition.kind === "exists") {
    return condition.expected
      ? values !== undefined && values.length > 0
      : values === undefined && message.size > 0;
  }
  return values !== undefined && satisfies(condition, values);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FilterPolicyError("failed to parse JSON", { cause });
  }
}

function parseObject(value: unknown): FilterPolicy {
  if (!isObject(value)) throw new FilterPolicyError("Filter policy must be a JSON object");
  const { $or, ...rest } = value;
  return {
    attributes: new Map(
      Object.entries(rest).map(([name, conditions]) => [name, parseConditions(name, conditions)]),
    ),
    alternatives: $or === undefined ? [] : [parseAlternatives($or)],
  };
}

function parseConditions(name: string, conditions: unknown): readonly Condition[] {
  if (isObject(conditions)) {
    throw new FilterPolicyError(
      `Filter policy scope MessageAttributes does not support nested filter policy: "${name}" is an object`,
    );
  }
  if (!Array.isArray(conditions)) throw new FilterPolicyError(`"${name}" must be an object or an array`);
  if (conditions.length === 0) throw new FilterPolicyError(`Empty arrays are not allowed: "${name}"`);
  return conditions.map((condition) => parseCondition(name, condition));
}

/** Two alternatives at least; anything else is an attribute by the name of `$or` to SNS, which nobody means. */
function parseAlternatives(value: unknown): readonly FilterPolicy[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw new NotEmulatedError('SNS filter policy: "$or" that is no array of two or more objects');
  }
  return value.map(parseObject);
}

function namesOf(policy: FilterPolicy): Set<string> {
  const inner = policy.alternatives.flat().flatMap((one) => [...namesOf(one)]);
  return new Set([...policy.attributes.keys(), ...inner]);
}

function combinationsOf(policy: FilterPolicy): number {
  const factors = [
    ...[...policy.attributes.values()].map((conditions) => conditions.length),
    ...policy.alternatives.map((policies) => policies.reduce((sum, one) => sum + combinationsOf(one), 0)),
  ];
  return factors.reduce((product, factor) => product * factor, 1);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
