import { missedTimes } from "./config-at-check.ts";
import { crossCheck } from "./config-checks.ts";
import { ConfigError, problemsOf } from "./config-problems.ts";
import { type StormwireConfig, stackConfigSchema } from "./config-schema.ts";

const NAMESPACE = "stormwire:";

/**
 * Checks a stack's config as Pulumi passes it: `stormwire:KEY` -> text, or JSON text for structured values.
 *
 * @param now of a preview: a one-off message must then be still to come. A replay of the past has no such now.
 * @throws {ConfigError} listing every problem.
 */
export function parseConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  now?: Date,
): StormwireConfig {
  const input = Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(NAMESPACE))
      .map(([key, value]) => [key.slice(NAMESPACE.length), value]),
  );
  const result = stackConfigSchema.safeParse(input);
  const problems = result.success
    ? [...crossCheck(result.data), ...(now === undefined ? [] : missedTimes(result.data.messages, now))]
    : problemsOf(result.error, stackConfigSchema, input);
  if (!result.success || problems.length > 0) {
    throw new ConfigError(stack, problems);
  }
  return result.data;
}
