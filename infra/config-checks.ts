import { compileRules, RuleError } from "../handlers/weather/rules.ts";
import { checkPeople } from "./config-people-checks.ts";
import type { ConfigProblem } from "./config-problems.ts";
import { setCommand } from "./config-problems.ts";
import type { StormwireConfig } from "./config-schema.ts";
import { checkWebhooks } from "./config-webhook-checks.ts";
import { effectiveRules } from "./rules.ts";

/** What one key cannot say alone: names that must exist elsewhere, keys that need each other, limits of AWS over the whole. */
export function crossCheck(config: StormwireConfig): ConfigProblem[] {
  return [apiKey(config), hazards(config), checkPeople(config), checkWebhooks(config)].flat();
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

function hazards({ rules }: StormwireConfig): ConfigProblem[] {
  try {
    compileRules(effectiveRules(rules));
    return [];
  } catch (error) {
    if (error instanceof RuleError) {
      const path = ["rules", "hazards"];
      return [
        {
          path,
          found: rules.hazards,
          allowed: `rules that fit together: ${error.message}`,
          fix: setCommand([...path, 0], "RULE"),
        },
      ];
    }
    throw error;
  }
}
