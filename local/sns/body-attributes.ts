import type { Value } from "./filter-condition.ts";
import { type FilterAttributes, pathName } from "./filter-policy.ts";

/**
 * What a filter policy of scope MessageBody sees of a message: the values of its JSON object by path, those of an array
 * together. A text that is no JSON object has none, so no policy matches it.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html
 */
export function bodyAttributes(text: string): FilterAttributes {
  const values = new Map<string, Value[]>();
  const body = parseObject(text);
  if (body !== undefined) collect(body, [], values);
  return values;
}

function collect(value: unknown, path: readonly string[], values: Map<string, Value[]>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, path, values);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) collect(item, [...path, key], values);
  } else {
    const name = pathName(path);
    values.set(name, [...(values.get(name) ?? []), value as Value]);
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
