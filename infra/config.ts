import * as pulumi from "@pulumi/pulumi";
import type { Location } from "../handlers/weather/location.ts";
import { LANGUAGE_TAGS, type Language } from "../handlers/weather/messages/language.ts";
import type { AlertPlan, Doubtful } from "../handlers/weather/plan.ts";
import type { Rule } from "../handlers/weather/rules.ts";
import { setCommand } from "./config-commands.ts";
import { parseConfig } from "./config-parse.ts";
import type { StormwireConfig } from "./config-schema.ts";
import { quotaWarning } from "./quota.ts";
import { ruleTable } from "./rule-table.ts";
import { effectiveRules, rulesByLocation } from "./rules.ts";

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

const NOBODY_HEARS =
  "stormwire:opsEmail is not set: alarms, failed jobs and silent stations are told to nobody. " +
  `Set it: ${setCommand(["opsEmail"], "ops@example.org")}`;

/**
 * Reads the whole stack config once and checks all of it before any resource is declared.
 *
 * @throws {ConfigError} listing every problem: key path, value found, what is allowed, the command that mends it.
 */
export function readConfig(): ProgramConfig {
  // A preview comes before every update; the update itself may begin when the hour has just struck.
  const now = pulumi.runtime.isDryRun() ? new Date() : undefined;
  const config = parseConfig(pulumi.runtime.allConfig(), pulumi.getStack(), now);
  const warning = quotaWarning(config);
  if (warning !== undefined) {
    pulumi.log.warn(warning);
  }
  if (pulumi.runtime.isDryRun()) {
    if (config.opsEmail === undefined) pulumi.log.warn(NOBODY_HEARS);
    pulumi.log.info(`Rules of stack "${pulumi.getStack()}"\n\n${ruleTable(config)}`);
  }
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

/** The languages of all that are told, the stack's own when there is nobody yet; in a fixed order. */
export function languagesOf({
  language,
  subscriptions,
  webhooks,
}: Pick<StormwireConfig, "language" | "subscriptions" | "webhooks">): Language[] {
  const told = [...Object.values(subscriptions), ...Object.values(webhooks)];
  const used = new Set(told.length === 0 ? [language] : told.map((one) => one.language ?? language));
  return LANGUAGE_TAGS.filter((tag) => used.has(tag));
}
