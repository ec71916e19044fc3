import { DERIVED_UNITS, inputsOf, MEASURED_UNITS, type MeasuredField } from "../observation/derived.ts";
import type { Field } from "../observation/fields.ts";
import type { HourAggregate } from "../observation/history.ts";
import { isCheckedOverTime } from "../observation/quality/series.ts";
import { createMuter, type Muter, type QuietHours, type Silence } from "./mute.ts";
import type { AllClear, Rule } from "./rules.ts";
import { type CompiledRule, compileRules } from "./rules.ts";

/** Rules of the stack, and of the locations with their own rules. */
export interface StackRules {
  readonly rules: readonly Rule[];
  /** Rules by location id, which replace `rules`. */
  readonly rulesByLocation?: Readonly<Record<string, readonly Rule[]>>;
}

export function rulesForLocation(
  locationId: string,
  { rules, rulesByLocation = {} }: StackRules,
): readonly Rule[] {
  return (Object.hasOwn(rulesByLocation, locationId) ? rulesByLocation[locationId] : undefined) ?? rules;
}

/** The rules of a location, and when they may notify. */
export interface AlertPlan {
  readonly rules: readonly Rule[];
  /** IANA name. */
  readonly timeZone: string;
  readonly quietHours?: QuietHours;
  /** Silences of this location. */
  readonly silences: readonly Silence[];
  /** Whether yellow alerts notify subscribers, or are digest-only. */
  readonly yellow: "message" | "digest";
  /** Defaults to `send`. */
  readonly doubtful?: Doubtful;
}

/**
 * What a doubtful value that crosses a threshold does: `send` starts an alert marked as unconfirmed, `wait` ignores the
 * value unless the previous one was doubtful, too.
 */
export type Doubtful = "send" | "wait";

/** A metric that rules measure, and the history kept for it. */
interface KeptMetric {
  readonly metric: MeasuredField;
  /** The observed fields that it is derived from, or the field itself. */
  readonly inputs: readonly Field[];
  /** Longest window of the rules; 0 without windows. */
  readonly windowSeconds: number;
  readonly aggregate: HourAggregate;
}

/** The rules of one hazard. They share one alert. */
export interface CompiledHazard {
  readonly hazard: string;
  readonly rules: readonly CompiledRule[];
  /** `digest` only if each of the rules says so. */
  readonly allClear: AllClear;
}

/** A plan compiled for evaluation. */
export interface CompiledPlan {
  readonly hazards: readonly CompiledHazard[];
  readonly metrics: readonly KeptMetric[];
  /** Keys that a state may have. Others are left from an earlier configuration. */
  readonly known: Readonly<Record<"hazards" | "rules" | "metrics", ReadonlySet<string>>>;
  /** Whether a rule uses a derived metric. */
  readonly derives: boolean;
  /** Fields that need quality checks over time. */
  readonly checked: readonly Field[];
  readonly muter: Muter;
  readonly yellow: AlertPlan["yellow"];
  readonly doubtful: Doubtful;
}

/** Compiles the plan of a location. Throws `RuleError`. */
export function compilePlan(plan: AlertPlan): CompiledPlan {
  const { rules, timeZone, quietHours, silences, yellow, doubtful = "send" } = plan;
  const compiled = compileRules(rules);
  const metrics = keptMetrics(compiled);
  const hazards = hazardsOf(compiled);
  return {
    hazards,
    metrics,
    known: {
      hazards: new Set(hazards.map(({ hazard }) => hazard)),
      rules: new Set(compiled.map(({ key }) => key)),
      metrics: new Set(metrics.map(({ metric }) => metric)),
    },
    derives: metrics.some(({ metric }) => metric in DERIVED_UNITS),
    checked: [...new Set(metrics.flatMap(({ inputs }) => inputs))].filter(isCheckedOverTime),
    muter: createMuter(timeZone, quietHours, silences),
    yellow,
    doubtful,
  };
}

/** Groups rules by hazard. */
export function hazardsOf(rules: readonly CompiledRule[]): CompiledHazard[] {
  return [...Map.groupBy(rules, ({ hazard }) => hazard)].map(([hazard, ofHazard]) => ({
    hazard,
    rules: ofHazard,
    allClear: ofHazard.every(({ allClear }) => allClear === "digest") ? "digest" : "message",
  }));
}

/** The metrics that rules measure. */
export function keptMetrics(rules: readonly CompiledRule[]): KeptMetric[] {
  const conditions = Map.groupBy(
    rules.flatMap((rule) => rule.conditions),
    ({ measure }) => measure.metric,
  );
  return [...conditions].map(([metric, ofMetric]) => ({
    metric,
    inputs: inputsOf(metric),
    windowSeconds: Math.max(...ofMetric.map(({ window }) => window?.seconds ?? 0)),
    aggregate: aggregateOf(
      metric,
      ofMetric.every(({ below }) => below),
    ),
  }));
}

function aggregateOf(metric: MeasuredField, isWatchedFromAbove: boolean): HourAggregate {
  if (MEASURED_UNITS[metric] === "mm/h") return "sum";
  return isWatchedFromAbove ? "min" : "max";
}
