import { DERIVED_UNITS, inputsOf, MEASURED_UNITS, type MeasuredField } from "../observation/derived.ts";
import type { Field } from "../observation/fields.ts";
import type { HourAggregate } from "../observation/history.ts";
import { isCheckedOverTime } from "../observation/quality/series.ts";
import { createMuter, type Muter, type QuietHours, type Silence } from "./mute.ts";
import type { AllClear, Rule } from "./rules.ts";
import { type CompiledRule, compileRules } from "./rules.ts";

/** The rules of a stack, and of its places that have some of their own. */
export interface StackRules {
  readonly rules: readonly Rule[];
  /** By location id: in place of `rules`. */
  readonly rulesByLocation?: Readonly<Record<string, readonly Rule[]>>;
}

export function rulesForLocation(
  locationId: string,
  { rules, rulesByLocation = {} }: StackRules,
): readonly Rule[] {
  return (Object.hasOwn(rulesByLocation, locationId) ? rulesByLocation[locationId] : undefined) ?? rules;
}

/** What is watched at a place, and when its people are told. */
export interface AlertPlan {
  readonly rules: readonly Rule[];
  /** IANA name. */
  readonly timeZone: string;
  readonly quietHours?: QuietHours;
  /** Those of this place. */
  readonly silences: readonly Silence[];
  /** Where yellow goes: to people, or only to the digest. */
  readonly yellow: "message" | "digest";
  /** Defaults to `send`. */
  readonly doubtful?: Doubtful;
}

/**
 * What a doubtful value that crosses a threshold does: it starts an alert that is marked as unconfirmed, or it counts
 * only when the reading before it was doubtful as well.
 */
export type Doubtful = "send" | "wait";

/** A metric that rules measure, and what is kept of it. */
interface KeptMetric {
  readonly metric: MeasuredField;
  /** Measures that it is, or is derived from. */
  readonly inputs: readonly Field[];
  /** The longest window that a rule asks for; 0: none does. */
  readonly windowSeconds: number;
  readonly aggregate: HourAggregate;
}

/** The rules of one hazard, whose alerts they make together. */
export interface CompiledHazard {
  readonly hazard: string;
  readonly rules: readonly CompiledRule[];
  /** `digest` only where each of the rules says so: who asked for a message gets one. */
  readonly allClear: AllClear;
}

/** A plan as the evaluation wants it. */
export interface CompiledPlan {
  readonly hazards: readonly CompiledHazard[];
  readonly metrics: readonly KeptMetric[];
  /** What a state may have entries of; others are left from an earlier plan. */
  readonly known: Readonly<Record<"hazards" | "rules" | "metrics", ReadonlySet<string>>>;
  /** Whether a rule measures what has to be derived first. */
  readonly derives: boolean;
  /** Measures of the rules that a check over time looks at. */
  readonly checked: readonly Field[];
  readonly muter: Muter;
  readonly yellow: AlertPlan["yellow"];
  readonly doubtful: Doubtful;
}

/** Compiles a place's plan. Throws `RuleError`. */
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

/** Rules by their hazard. */
export function hazardsOf(rules: readonly CompiledRule[]): CompiledHazard[] {
  return [...Map.groupBy(rules, ({ hazard }) => hazard)].map(([hazard, ofHazard]) => ({
    hazard,
    rules: ofHazard,
    allClear: ofHazard.every(({ allClear }) => allClear === "digest") ? "digest" : "message",
  }));
}

/** Metrics that rules measure. */
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
