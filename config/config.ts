import * as pulumi from "@pulumi/pulumi";
import type { Language } from "../handlers/weather/messages/language.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import type { AlertPlan, Doubtful } from "../handlers/weather/rules/plan.ts";
import type { Rule } from "../handlers/weather/rules/rules.ts";
import { languagesOf } from "./languages.ts";
import { parseConfig } from "./parse.ts";
import { previewConfig } from "./preview.ts";
import { ConfigError } from "./problems.ts";
import { ruleTable } from "./rule-table.ts";
import { effectiveRules, rulesByLocation } from "./rules.ts";
import type { StormwireConfig } from "./schema.ts";

/** The stack's config, with places as a list and the rules that come of preset and own hazards. */
export interface ProgramConfig extends Omit<StormwireConfig, "locations" | "rules"> {
  readonly locations: readonly Location[];
  readonly rules: readonly Rule[];
  /** Rules of the places that have some of their own. */
  readonly rulesByLocation: Readonly<Record<string, readonly Rule[]>>;
  readonly yellow: AlertPlan["yellow"];
  readonly doubtful: Doubtful;
  /** Every language that somebody hears in. */
  readonly languages: readonly Language[];
}

/**
 * Reads the whole stack config once and checks all of it before any resource is declared.
 *
 * @throws {pulumi.RunError} whose message is that of the ConfigError: Pulumi prints it without a stack trace.
 */
export function readConfig(): ProgramConfig {
  const stack = pulumi.getStack();
  // A preview comes before every update; the update itself may begin when the hour has just struck.
  const config = refusedByPulumi(() =>
    pulumi.runtime.isDryRun() ? preview(stack) : parseConfig(pulumi.runtime.allConfig(), stack),
  );
  return {
    ...config,
    locations: Object.entries(config.locations).map(([id, { rules: _, ...location }]) => ({
      id,
      ...location,
    })),
    rules: effectiveRules(config.rules),
    rulesByLocation: rulesByLocation(config),
    yellow: config.rules.yellow,
    doubtful: config.rules.doubtful,
    languages: languagesOf(config),
  };
}

function preview(stack: string): StormwireConfig {
  const { warnings, ...checked } = previewConfig(
    pulumi.runtime.allConfig(),
    stack,
    pulumi.getRootDirectory(),
    new Date(),
  );
  for (const warning of warnings) pulumi.log.warn(warning);
  if (checked.error !== undefined) throw checked.error;
  pulumi.log.info(`Rules of stack "${stack}"\n\n${ruleTable(checked.config)}`);
  return checked.config;
}

function refusedByPulumi<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause;
    throw new pulumi.RunError(cause.message);
  }
}
