import type { Measurement } from "../rules/measure.ts";
import type { CompiledCondition, CompiledRule } from "../rules/rules.ts";
import { LEVEL_RANKS, type Rank } from "../rules/rules.ts";
import { judge, judgeCondition, type Verdict } from "./hysteresis.ts";
import type { RuleState } from "./state.ts";
import type { Transition } from "./transition.ts";

/** The outcome of a rule at one observation: a measurement for each condition, and the levels before and after. */
export interface RuleOutcome {
  readonly rule: CompiledRule;
  readonly measurements: readonly Measurement[];
  readonly before: RuleState;
  readonly levels: RuleState;
}

type ConditionReading = NonNullable<Transition["conditions"]>[number];

/** The readings that a message quotes: the known values of a rule's conditions, and the thresholds they are compared with. */
export interface Evidence {
  readonly rule: CompiledRule;
  readonly readings: readonly [ConditionReading, ...ConditionReading[]];
  /** Whether one of the values is doubtful. */
  readonly unconfirmed: boolean;
}

/** One level of a rule's outcome. */
interface Candidate {
  readonly outcome: RuleOutcome;
  /** Index of the level. */
  readonly slot: number;
  readonly rank: Rank;
  readonly isActive: boolean;
  readonly wasActive: boolean;
}

/** The highest rank among the active levels. */
export function highestRank(outcomes: readonly RuleOutcome[]): Rank {
  let highest: Rank = 0;
  for (const { levels } of outcomes) {
    if (levels[2]?.active === true) return 3;
    if (levels[1]?.active === true) highest = 2;
    else if (highest === 0 && levels[0]?.active === true) highest = 1;
  }
  return highest;
}

/**
 * Readings that prove that a rank is reached now: known values of an active level that are not beyond its clear bound.
 * Undefined for an alert that is active only because `clear.after` has not passed yet.
 */
export function evidenceOf(rank: Rank, outcomes: readonly RuleOutcome[]): Evidence | undefined {
  const active = candidatesOf(outcomes).filter((candidate) => candidate.rank === rank && candidate.isActive);
  const crossed = active.filter((candidate) => verdictOf(candidate) === "crossed");
  const best =
    crossed.find((candidate) => !candidate.wasActive && !isUnconfirmed(candidate)) ??
    crossed.find(({ wasActive }) => !wasActive) ??
    crossed[0] ??
    active.find((candidate) => verdictOf(candidate) === "between");
  return best && toEvidence(best);
}

/** Readings that prove that an alert is over: of the level just left, or of a clear level, or else of any level with a known value. */
export function evidenceOfEnd(outcomes: readonly RuleOutcome[]): Evidence | undefined {
  const candidates = candidatesOf(outcomes);
  const left = candidates.filter(({ wasActive, isActive }) => wasActive && !isActive);
  const clear = candidates.filter((candidate) => verdictOf(candidate) === "clear");
  for (const candidate of [...left, ...clear, ...candidates]) {
    const evidence = toEvidence(candidate);
    if (evidence !== undefined) return evidence;
  }
  return undefined;
}

function candidatesOf(outcomes: readonly RuleOutcome[]): Candidate[] {
  return outcomes.flatMap((outcome) =>
    outcome.rule.levels.flatMap((level, slot) => {
      if (level === null) return [];
      const isActive = outcome.levels[slot]?.active ?? false;
      const wasActive = outcome.before[slot]?.active ?? false;
      return [{ outcome, slot, rank: LEVEL_RANKS[level], isActive, wasActive }];
    }),
  );
}

function verdictOf({ outcome, slot }: Candidate): Verdict {
  return judge(outcome.rule, slot, outcome.measurements);
}

function isUnconfirmed({ outcome }: Candidate): boolean {
  return outcome.measurements.some(({ doubtful }) => doubtful);
}

/** For an inactive level, the clear conditions come first, since they ended the alert. */
function toEvidence({ outcome, slot, isActive }: Candidate): Evidence | undefined {
  const { rule, measurements } = outcome;
  const known = rule.conditions.flatMap((condition, position) => {
    const measurement = measurements[position];
    const reading = toConditionReading(condition, slot, measurement);
    const isClear = !isActive && judgeCondition(condition, slot, measurement) === "clear";
    return reading === undefined
      ? []
      : [{ reading, order: isClear ? 0 : 1, doubtful: measurement?.doubtful ?? false }];
  });
  const [first, ...rest] = known.toSorted((a, b) => a.order - b.order).map(({ reading }) => reading);
  return first && { rule, readings: [first, ...rest], unconfirmed: known.some(({ doubtful }) => doubtful) };
}

function toConditionReading(
  { measure, below, thresholds }: CompiledCondition,
  slot: number,
  measurement: Measurement | undefined,
): ConditionReading | undefined {
  const value = measurement?.value ?? null;
  const bounds = thresholds[slot] ?? null;
  return value === null || bounds === null
    ? undefined
    : { measure, below, value, threshold: bounds.threshold };
}
