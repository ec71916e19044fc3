import type { z } from "zod";
import { endedSchedules, missedTimes } from "./config-at-check.ts";
import { crossCheck, unheardAlarms } from "./config-checks.ts";
import { ConfigError, type ConfigProblem, problemsOf, withinReach } from "./config-problems.ts";
import { type StormwireConfig, stackConfigSchema } from "./config-schema.ts";
import { typed } from "./config-typed.ts";

const NAMESPACE = "stormwire:";

/**
 * Checks a stack's config as Pulumi passes it: `stormwire:KEY` -> text, or JSON text for structured values.
 *
 * @param now of a preview: whatever is scheduled must then be still to come, and the alarms of a protected stack must notify
 *   a person. A replay of the past has no such now, and a deployed stack is examined whether it would pass or not.
 * @throws {ConfigError} listing every problem.
 */
export function parseConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  now?: Date,
): StormwireConfig {
  const ofPreview = (config: StormwireConfig) =>
    now === undefined
      ? []
      : [missedTimes(config.messages, now), endedSchedules(config, now), unheardAlarms(config)].flat();
  return parse(stackConfigSchema, (config) => [...crossCheck(config), ...ofPreview(config)], values, stack);
}

function parse<Config>(
  schema: z.ZodType<Config>,
  check: (config: Config) => ConfigProblem[],
  values: Readonly<Record<string, string>>,
  stack: string,
): Config {
  const input = Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(NAMESPACE))
      .map(([key, value]) => [key.slice(NAMESPACE.length), value]),
  );
  const result = schema.safeParse(typed(schema, input));
  const found = result.success ? check(result.data) : problemsOf(result.error, schema, input);
  const problems = found.map((problem) => withinReach(problem, input));
  if (!result.success || problems.length > 0) {
    throw new ConfigError(stack, problems);
  }
  return result.data;
}
