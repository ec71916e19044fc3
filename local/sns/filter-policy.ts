import { isObject, parseJson } from "../../lib/json.ts";
import { NotEmulatedError } from "../endpoint/error.ts";
import {
  type Condition,
  FilterPolicyError,
  parseCondition,
  satisfies,
  type Value,
} from "./filter-condition.ts";
import {
  FILTER_ATTRIBUTE_NAMES_LIMIT,
  FILTER_COMBINATIONS_LIMIT,
  FILTER_POLICY_LIMIT_BYTES,
} from "./limits.ts";

/** A message must satisfy one condition of every attribute, and at least one alternative of every `$or`. */
export interface FilterPolicy {
  readonly attributes: ReadonlyMap<string, readonly Condition[]>;
  readonly alternatives: readonly (readonly FilterPolicy[])[];
  /** Levels of keys above the conditions of each attribute; 1 without nesting. */
  readonly depths: ReadonlyMap<string, number>;
}

type FilterPolicyScope = "MessageAttributes" | "MessageBody";

/** The values of each attribute of a message. A String or Number has one value, a String.Array any number. */
export type FilterAttributes = ReadonlyMap<string, readonly Value[]>;

/**
 * Reads a filter policy, JSON text. In scope MessageBody keys may be nested; the policy then names them as paths (`a.b`).
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 * @throws {FilterPolicyError} when SNS would reject it.
 * @throws {NotEmulatedError} for the operators `wildcard` and `cidr`.
 */
export function parseFilterPolicy(
  text: string,
  scope: FilterPolicyScope = "MessageAttributes",
): FilterPolicy {
  if (Buffer.byteLength(text) > FILTER_POLICY_LIMIT_BYTES)
    throw new FilterPolicyError("Filter policy is too long");
  const policy = parseObject(parsePolicy(text), scope);
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

/** Whether a subscription with this policy receives a message with these attributes. */
export function matchesFilterPolicy(policy: FilterPolicy, message: FilterAttributes): boolean {
  const attributesMatch = [...policy.attributes].every(([name, conditions]) =>
    conditions.some((condition) => satisfiesAttribute(condition, message, name)),
  );
  return (
    attributesMatch &&
    policy.alternatives.every((policies) => policies.some((one) => matchesFilterPolicy(one, message)))
  );
}

/** `exists: false` requires at least one other attribute. https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html */
function satisfiesAttribute(condition: Condition, message: FilterAttributes, name: string): boolean {
  const values = message.get(name);
  if (condition.kind === "exists") {
    return condition.expected
      ? values !== undefined && values.length > 0
      : values === undefined && message.size > 0;
  }
  return values !== undefined && satisfies(condition, values);
}

function parsePolicy(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FilterPolicyError("failed to parse JSON", { cause });
  }
}

function parseObject(value: unknown, scope: FilterPolicyScope, path: readonly string[] = []): FilterPolicy {
  if (!isObject(value)) throw new FilterPolicyError("Filter policy must be a JSON object");
  const { $or, ...rest } = value;
  const entries = Object.entries(rest).map(([key, rule]) => ({ rule, keys: [...path, key] }));
  const isNested = ({ rule }: { rule: unknown }) => scope === "MessageBody" && isObject(rule);
  const nested = entries.filter(isNested).map(({ rule, keys }) => parseObject(rule, scope, keys));
  const own = entries
    .filter((entry) => !isNested(entry))
    .map(({ rule, keys }) => ({ name: pathName(keys), rule, depth: keys.length }));
  return {
    attributes: new Map([
      ...own.map(({ name, rule }) => [name, parseConditions(name, rule)] as const),
      ...nested.flatMap(({ attributes }) => [...attributes]),
    ]),
    depths: new Map([
      ...own.map(({ name, depth }) => [name, depth] as const),
      ...nested.flatMap(({ depths }) => [...depths]),
    ]),
    alternatives: [
      ...($or === undefined ? [] : [parseAlternatives($or, scope, path)]),
      ...nested.flatMap(({ alternatives }) => alternatives),
    ],
  };
}

/** The name of a path of keys in policies and messages. */
function pathName(keys: readonly string[]): string {
  return keys.join(".");
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

/** Requires at least two alternatives. SNS treats any other `$or` as an attribute with this name, which is not emulated. */
function parseAlternatives(
  value: unknown,
  scope: FilterPolicyScope,
  path: readonly string[],
): readonly FilterPolicy[] {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw new NotEmulatedError('SNS filter policy: "$or" that is not an array of two or more objects');
  }
  return value.map((one) => parseObject(one, scope, path));
}

function namesOf(policy: FilterPolicy): Set<string> {
  const inner = policy.alternatives.flat().flatMap((one) => [...namesOf(one)]);
  return new Set([...policy.attributes.keys(), ...inner]);
}

/** Conditions count once for each level of keys above them. https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
function combinationsOf(policy: FilterPolicy): number {
  const factors = [
    ...[...policy.attributes].map(([name, conditions]) => conditions.length * (policy.depths.get(name) ?? 1)),
    ...policy.alternatives.map((policies) => policies.reduce((sum, one) => sum + combinationsOf(one), 0)),
  ];
  return factors.reduce((product, factor) => product * factor, 1);
}

/**
 * The attributes of a message for a filter policy of scope MessageBody: the values of its JSON object by path, with all
 * values of an array. A text that is not a JSON object has no attributes, so no policy matches it.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html
 */
export function bodyAttributes(text: string): FilterAttributes {
  const values = new Map<string, Value[]>();
  const body = parseJson(text);
  if (isObject(body)) collect(body, [], values);
  return values;
}

function collect(value: unknown, path: readonly string[], values: Map<string, Value[]>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, path, values);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], values);
  } else {
    const name = pathName(path);
    values.set(name, [...(values.get(name) ?? []), value as Value]);
  }
}
