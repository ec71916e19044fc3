import { type CompiledRule, compileRules, type Rule } from "./rules.ts";

/** Local times of day, `HH:MM`; may span midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** Hazards of places that nobody is told of between two instants, ISO 8601. */
export interface Silence {
  readonly locations?: readonly string[] | undefined;
  readonly hazards?: readonly string[] | undefined;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

export interface AlertPlan {
  readonly rules: readonly Rule[];
  readonly timeZone: string;
  readonly quietHours?: QuietHours;
  /** Those of this place. */
  readonly silences: readonly Silence[];
  readonly yellow: "message" | "digest";
}

export type CompiledPlan = readonly CompiledRule[];

/** Throws {@link import("./rules.ts").RuleError}. */
export function compilePlan({ rules }: AlertPlan): CompiledPlan {
  return compileRules(rules);
}
