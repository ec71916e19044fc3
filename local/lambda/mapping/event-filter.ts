import { isObject, objectMatcher } from "../../events/pattern.ts";

/** True for a record that reaches the function. */
export type EventFilter = (record: { readonly data: Uint8Array; readonly partitionKey: string }) => boolean;

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
  const matchers = patterns.map((pattern) =>
    objectMatcher(`Event-source mapping ${mapping}`, parsePattern(mapping, pattern)),
  );
  return ({ data, partitionKey }) => {
    const event = { data: parseJson(data), partitionKey };
    return matchers.some((matches) => matches(event));
  };
}

/** @throws Error for a text that is no JSON object. */
export function parsePattern(mapping: string, text: string): Record<string, unknown> {
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
