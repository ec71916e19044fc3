import { checkIssuer } from "./checks/issuer.ts";
import { checkPeople } from "./checks/people.ts";
import { ruleChecks } from "./checks/rules.ts";
import { clashingSchedules, endedSchedules, missedTimes, skippedTimes } from "./checks/schedules.ts";
import { checkWebhooks } from "./checks/webhooks.ts";
import { setCommand } from "./commands.ts";
import { ConfigError, type ConfigProblem } from "./problem.ts";
import { type StormwireConfig, stackConfigSchema } from "./schema.ts";
import { problemsOf, withinReach } from "./schema-problems.ts";
import { typed } from "./typed.ts";
import { previewWarnings, readStackFile } from "./warnings.ts";

/** What one key cannot say alone: names that must exist elsewhere, keys that need each other, limits of AWS over the whole. */
export function crossCheck(config: StormwireConfig): ConfigProblem[] {
  return [
    apiKey(config),
    ruleChecks(config),
    checkPeople(config),
    checkWebhooks(config),
    checkIssuer(config),
    skippedTimes(config.messages),
    clashingSchedules(config),
  ].flat();
}

/** A stack that is too valuable to delete has alarms that notify a person. */
export function unheardAlarms({ protect, opsEmail }: StormwireConfig): ConfigProblem[] {
  return protect && opsEmail === undefined
    ? [
        {
          path: ["opsEmail"],
          found: opsEmail,
          allowed: "an e-mail address that receives the alarms; a stack with protect: true needs one",
          fix: setCommand(["opsEmail"], "ops@example.org"),
        },
      ]
    : [];
}

function apiKey({ source, apiKey }: StormwireConfig): ConfigProblem[] {
  return source.provider === "tomorrow.io" && apiKey === undefined
    ? [
        {
          path: ["apiKey"],
          found: undefined,
          allowed: "the API key of tomorrow.io, as a secret",
          fix: setCommand(["apiKey"], "KEY"),
        },
      ]
    : [];
}

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

/** What a preview says of a stack's config. */
export type ConfigPreview = { readonly warnings: readonly string[] } & (
  | { readonly config: StormwireConfig; readonly error?: undefined }
  | { readonly error: ConfigError }
);

/**
 * Checks a stack's config as Pulumi passes it. Config that is refused has its warnings, too, unless a key on its own is
 * wrong: then the rest of it cannot be read.
 *
 * @param directory of the stack's file
 */
export function previewConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  directory: string,
  now: Date,
): ConfigPreview {
  const { config, problems } = checkConfig(values, now);
  const warnings = config === undefined ? [] : previewWarnings(config, readStackFile(directory, stack));
  return config === undefined || problems.length > 0
    ? { warnings, error: new ConfigError(stack, problems) }
    : { warnings, config };
}
