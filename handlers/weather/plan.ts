import { DERIVED_UNITS, MEASURED_UNITS, type MeasuredField } from "./derived.ts";
import { createGate, type Gate } from "./gate.ts";
import type { HourFigure } from "./history.ts";
import type { AllClear, Rule } from "./rules.ts";
import { type CompiledRule, compileRules } from "./rules.ts";

/** Hours, `HH:MM` local to the place, in which only red is told. They may span midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** The rules of a stack, and of its places that have some of their own. */
export interface StackRules {
  readonly rules: readonly Rule[];
  /** By location id: in place of `rules`. */
  readonly rulesByLocation?: Readonly<Record<string, readonly Rule[]>>;
}

export function rulesOfPlace(
  locationId: string,
  { rules, rulesByLocation = {} }: StackRules,
): readonly Rule[] {
  return (Object.hasOwn(rulesByLocation, locationId) ? rulesByLocation[locationId] : undefined) ?? rules;
}

/** A span, from one ISO 8601 instant until another, in which nobody is told of some hazards, not even of red. */
export interface Silence {
  /** Ids of places; absent: all. */
  readonly locations?: readonly string[] | undefined;
  /** Absent: all. */
  readonly hazards?: readonly string[] | undefined;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
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
}

/** A metric that rules measure, and what is kept of it. */
export interface KeptMetric {
  readonly metric: MeasuredField;
  /** The longest window that a rule asks for; 0: none does. */
  readonly windowSeconds: number;
  readonly figure: HourFigure;
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
  readonly gate: Gate;
  readonly yellow: AlertPlan["yellow"];
}

/** Compiles a place's plan. Throws `RuleError`. */
export function compilePlan({ rules, timeZone, quietHours, silences, yellow }: AlertPlan): CompiledPlan {
  const compiled = compileRules(rules);
  const metrics = keptMetrics(compiled);
  const groups = Map.groupBy(compiled, ({ hazard }) => hazard);
  return {
    hazards: [...groups].map(([hazard, ofHazard]) => ({
      hazard,
      rules: ofHazard,
      allClear: ofHazard.every(({ allClear }) => allClear === "digest") ? "digest" : "message",
    })),
    metrics,
    known: {
      hazards: new Set(groups.keys()),
      rules: new Set(compiled.map(({ key }) => key)),
      metrics: new Set(metrics.map(({ metric }) => metric)),
    },
    derives: metrics.some(({ metric }) => metric in DERIVED_UNITS),
    gate: createGate(timeZone, quietHours, silences),
    yellow,
  };
}

/** Metrics that rules measure. */
export function keptMetrics(rules: readonly CompiledRule[]): KeptMetric[] {
  const conditions = Map.groupBy(
    rules.flatMap((rule) => rule.conditions),
    ({ measure }) => measure.metric,
  );
  return [...conditions].map(([metric, ofMetric]) => ({
    metric,
    windowSeconds: Math.max(...ofMetric.map(({ window }) => window?.seconds ?? 0)),
    figure: figureOf(
      metric,
      ofMetric.every(({ below }) => below),
    ),
  }));
}

function figureOf(metric: MeasuredField, isWatchedFromAbove: boolean): HourFigure {
  if (MEASURED_UNITS[metric] === "mm/h") return "sum";
  return isWatchedFromAbove ? "min" : "max";
}
