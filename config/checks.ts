import { skippedTimes } from "./at-check.ts";
import { setCommand } from "./commands.ts";
import { checkIssuer } from "./issuer-checks.ts";
import { clashingSchedules } from "./lake-schedules.ts";
import { checkPeople } from "./people-checks.ts";
import type { ConfigProblem } from "./problems.ts";
import { ruleChecks } from "./rule-checks.ts";
import type { StormwireConfig } from "./schema.ts";
import { checkWebhooks } from "./webhook-checks.ts";

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
