import { durationSeconds } from "../observation/time.ts";
import { SPEED_FACTORS } from "../observation/units.ts";
import type { Condition, Measure } from "./condition.ts";
import { type AllClear, conditionsOf, LEVELS, type Level, type Rule } from "./schema.ts";

export type { Condition, Measure } from "./condition.ts";
export {
  type AllClear,
  conditionsOf,
  LEVEL_RANKS,
  LEVELS,
  type Level,
  levelOfRank,
  type Rank,
  type Rule,
  ruleSchema,
} from "./schema.ts";

/** Default hysteresis: below 90 % of the threshold for 3 h. */
const DEFAULT_CLEAR = { after: "3h", ratio: 0.9 };

interface CompiledThreshold {
  readonly threshold: number;
  /** The alert ends on the far side of this bound: the threshold moved away by (1 - ratio) of its size. */
  readonly clearBound: number;
}

export interface CompiledWindow {
  readonly seconds: number;
  readonly as: NonNullable<Measure["as"]>;
}

export interface CompiledCondition {
  readonly measure: Measure;
  /** Absent for the current value. */
  readonly window?: CompiledWindow;
  /** From the metric's unit to the measure's. */
  readonly factor: number;
  readonly below: boolean;
  /** Thresholds of yellow, orange and red. Null if the rule has no such level. */
  readonly thresholds: readonly (CompiledThreshold | null)[];
}

/** A rule with its durations in seconds and its key in the stored state. */
export interface CompiledRule {
  readonly key: string;
  readonly hazard: string;
  /** Yellow, orange and red. Null if the rule has no such level. */
  readonly levels: readonly (Level | null)[];
  readonly conditions: readonly CompiledCondition[];
  readonly forSeconds: number;
  readonly clearAfterSeconds: number;
  /** Infinite if alerts are not repeated. */
  readonly repeatSeconds: number;
  readonly allClear: AllClear;
  readonly scale?: string;
}

/** Thrown when rules of a hazard, or the parts of a rule, contradict each other. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

/** Compiles rules for evaluation. Throws {@link RuleError}. */
export function compileRules(rules: readonly Rule[]): readonly CompiledRule[] {
  const compiled = rules.map(compileRule);
  const seen = new Set<string>();
  for (const { key } of compiled) {
    if (seen.has(key))
      throw new RuleError(`two rules are "${key}"; allowed is one rule for a hazard and measure`);
    seen.add(key);
  }
  return compiled;
}

function compileRule(rule: Rule): CompiledRule {
  const { hazard, clear = DEFAULT_CLEAR } = rule;
  const conditions = conditionsOf(rule);
  const names = conditions.map(nameOf);
  const key = [hazard, ...(rule.all === undefined ? names : ["all", names.join("+")])].join(":");
  checkConditions(key, names, conditions);
  return {
    key,
    hazard,
    levels: LEVELS.map((level) => (conditions[0]?.levels[level] === undefined ? null : level)),
    conditions: conditions.map((condition) => compileCondition(key, condition, clear.ratio)),
    forSeconds: durationSeconds(rule.for ?? "0m"),
    clearAfterSeconds: durationSeconds(clear.after),
    repeatSeconds:
      rule.repeatEvery === undefined ? Number.POSITIVE_INFINITY : durationSeconds(rule.repeatEvery),
    allClear: rule.allClear ?? "message",
    ...(rule.scale !== undefined && { scale: rule.scale }),
  };
}

function nameOf({ measure, below }: Condition): string {
  return [measure.metric, measure.as, measure.over, measure.unit, below ? "below" : undefined]
    .filter((part) => part !== undefined)
    .join(":");
}

function levelsOf(condition: Condition | undefined): readonly Level[] {
  return LEVELS.filter((level) => condition?.levels[level] !== undefined);
}

function checkConditions(key: string, names: readonly string[], conditions: readonly Condition[]): void {
  const expected = levelsOf(conditions[0]).join(", ");
  for (const [index, condition] of conditions.entries()) {
    const name = names[index] ?? "";
    if (names.indexOf(name) !== index) {
      throw new RuleError(`rule "${key}": "${name}" is there twice; allowed is each measure once`);
    }
    const found = levelsOf(condition).join(", ");
    if (found === expected) continue;
    throw new RuleError(
      `rule "${key}": ${name} has the levels ${found}; allowed are those of ${names[0]}, ${expected}`,
    );
  }
}

function compileCondition(key: string, condition: Condition, ratio: number): CompiledCondition {
  const { measure, levels, below = false } = condition;
  checkOrder(key, levels, below);
  return {
    measure,
    ...(measure.over !== undefined &&
      measure.as !== undefined && { window: { seconds: durationSeconds(measure.over), as: measure.as } }),
    factor: measure.unit === undefined ? 1 : SPEED_FACTORS[measure.unit],
    below,
    thresholds: LEVELS.map((level) => {
      const threshold = levels[level];
      if (threshold === undefined) return null;
      const margin = Math.abs(threshold) * (1 - ratio);
      return { threshold, clearBound: below ? threshold + margin : threshold - margin };
    }),
  };
}

function checkOrder(key: string, levels: Condition["levels"], below: boolean): void {
  let milder: { readonly level: Level; readonly threshold: number } | undefined;
  for (const level of LEVELS) {
    const threshold = levels[level];
    if (threshold === undefined) continue;
    const isInOrder =
      milder === undefined || (below ? threshold < milder.threshold : threshold > milder.threshold);
    if (milder !== undefined && !isInOrder) {
      throw new RuleError(
        `rule "${key}": ${level} ${threshold} must be ${below ? "below" : "above"} ${milder.level} ${milder.threshold}`,
      );
    }
    milder = { level, threshold };
  }
}
