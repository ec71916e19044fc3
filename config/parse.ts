import { endedSchedules, missedTimes } from "./at-check.ts";
import { crossCheck, unheardAlarms } from "./checks.ts";
import { ConfigError, type ConfigProblem, problemsOf, withinReach } from "./problems.ts";
import { type StormwireConfig, stackConfigSchema } from "./schema.ts";
import { typed } from "./typed.ts";

const NAMESPACE = "stormwire:";

/** What a check of a stack's config finds. */
export interface CheckedConfig {
  /** Undefined when a key on its own is wrong. */
  readonly config: StormwireConfig | undefined;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Checks a stack's config as Pulumi passes it: `stormwire:KEY` -> text, or JSON text for structured values.
 *
 * @param now of a preview: whatever is scheduled must then be still to come, and the alarms of a protected stack must notify
 *   a person. A replay of the past has no such now, and a deployed stack is examined whether it would pass or not.
 */
export function checkConfig(values: Readonly<Record<string, string>>, now?: Date): CheckedConfig {
  const input = Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(NAMESPACE))
      .map(([key, value]) => [key.slice(NAMESPACE.length), value]),
  );
  const { success, data, error } = stackConfigSchema.safeParse(typed(stackConfigSchema, input));
  const found = success
    ? [...crossCheck(data), ...(now === undefined ? [] : checkOfPreview(data, now))]
    : problemsOf(error, stackConfigSchema, input);
  return { config: data, problems: found.map((problem) => withinReach(problem, input)) };
}

/** {@link checkConfig} of config that must be right. Throws {@link ConfigError} listing every problem. */
export function parseConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  now?: Date,
): StormwireConfig {
  const { config, problems } = checkConfig(values, now);
  if (config === undefined || problems.length > 0) throw new ConfigError(stack, problems);
  return config;
}

function checkOfPreview(config: StormwireConfig, now: Date): ConfigProblem[] {
  return [missedTimes(config.messages, now), endedSchedules(config, now), unheardAlarms(config)].flat();
}
