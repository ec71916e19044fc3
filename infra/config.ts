import * as pulumi from "@pulumi/pulumi";
import type { Location } from "../handlers/weather/location.ts";
import type { Rule } from "../handlers/weather/rules.ts";
import { parseConfig } from "./config-parse.ts";
import type { StormwireConfig } from "./config-schema.ts";
import { quotaWarning } from "./quota.ts";
import { effectiveRules } from "./rules.ts";

/** The stack's config, with places as a list and the rules that come of preset and own hazards. */
export interface ProgramConfig extends Omit<StormwireConfig, "locations" | "rules"> {
  readonly locations: readonly Location[];
  readonly rules: readonly Rule[];
}

/**
 * Reads the whole stack config once and checks all of it before any resource is declared.
 *
 * @throws {ConfigError} listing every problem: key path, value found, what is allowed, the command that mends it.
 */
export function readConfig(): ProgramConfig {
  const config = parseConfig(pulumi.runtime.allConfig(), pulumi.getStack());
  const warning = quotaWarning(config);
  if (warning !== undefined) {
    pulumi.log.warn(warning);
  }
  return {
    ...config,
    locations: Object.entries(config.locations).map(([id, location]) => ({ id, ...location })),
    rules: effectiveRules(config.rules),
  };
}
