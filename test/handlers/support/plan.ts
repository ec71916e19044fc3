import { type AlertPlan, type CompiledPlan, compilePlan } from "../../../handlers/weather/rules/plan.ts";
import type { Rule } from "../../../handlers/weather/rules/rules.ts";

/** A compiled plan of rules in UTC, without holds, unless `more` has some. */
export function planOf(rules: readonly Rule[], more: Partial<AlertPlan> = {}): CompiledPlan {
  return compilePlan({ rules, timeZone: "UTC", silences: [], yellow: "message", ...more });
}
