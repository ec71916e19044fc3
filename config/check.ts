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

/** Checks over several keys: names that must exist, keys that require each other, limits of AWS over the whole config. */
function crossCheck(config: StormwireConfig): ConfigProblem[] {
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
function alarmsWithoutRecipient({ protect, opsEmail }: StormwireConfig): ConfigProblem[] {
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

/** The result of a check of a stack's config. */
interface CheckedConfig {
  /** Undefined when a single key is invalid. */
  readonly config: StormwireConfig | undefined;
  readonly problems: readonly ConfigProblem[];
}

/**
 * Checks a stack's config as Pulumi passes it: `stormwire:KEY` -> text, or JSON text for structured values.
 *
 * @param now Time of a preview: every schedule must still have a run to come, and the alarms of a protected stack must
 *   notify a person. Undefined for replays of the past and for deployed stacks, which are read whether they pass or not.
 */
function checkConfig(values: Readonly<Record<string, string>>, now?: Date): CheckedConfig {
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

/** {@link checkConfig} for config that must be valid. Throws {@link ConfigError} listing every problem. */
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
  return [
    missedTimes(config.messages, now),
    endedSchedules(config, now),
    alarmsWithoutRecipient(config),
  ].flat();
}

/** The result of a preview of a stack's config. */
export type ConfigPreview = { readonly warnings: readonly string[] } & (
  | { readonly config: StormwireConfig; readonly error?: undefined }
  | { readonly error: ConfigError }
);

/**
 * Checks a stack's config as Pulumi passes it. Rejected config has warnings, too, unless a single key is invalid: then the
 * rest cannot be read.
 *
 * @param directory of the stack's file
 */
export function previewConfig(
  values: Readonly<Record<string, string>>,
  stack: string,
  directory: string,
  now: Date | undefined,
): ConfigPreview {
  const { config, problems } = checkConfig(values, now);
  const warnings = config === undefined ? [] : previewWarnings(config, readStackFile(directory, stack));
  return config === undefined || problems.length > 0
    ? { warnings, error: new ConfigError(stack, problems) }
    : { warnings, config };
}
