import { type ConfiguredRule, configuredRules, configuredRulesOfPlace } from "../../config/rules.ts";
import type { StormwireConfig } from "../../config/schema.ts";

/** The rules of each location in full, those that are off included, and what a preview warns of. */
export function rulesJson(
  stack: string,
  { rules, locations }: StormwireConfig,
  warnings: readonly string[],
): string {
  const ofStack = configuredRules(rules);
  const places = Object.entries(locations).map(([location, place]) => ({
    location,
    rules: configuredRulesOfPlace(ofStack, place.rules).map(toJson),
  }));
  return JSON.stringify({ stack, warnings, locations: places }, null, 2);
}

/** `from` is "preset" (with its name), "stack" or "location"; `off` is there when it is, and says whose doing that is. */
function toJson({ rule, from, off }: ConfiguredRule): object {
  const source = typeof from === "string" ? { from } : { from: "preset", ...from };
  return { ...source, ...(off !== undefined && { off }), rule };
}
