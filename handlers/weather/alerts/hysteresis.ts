import type { Measurement } from "../rules/measure.ts";
import type { CompiledCondition, CompiledRule } from "../rules/rules.ts";
import type { LevelState, RuleState } from "./state.ts";

/** Whether a measurement crosses the threshold, is beyond the clear bound, is between the two, or is unknown. */
export type Verdict = "crossed" | "clear" | "between" | "unknown";

export const IDLE_LEVEL: LevelState = { active: false, crossedSeconds: null, clearSeconds: null };
const ACTIVE_LEVEL: LevelState = { ...IDLE_LEVEL, active: true };
/** The state of a rule with no active or pending level. */
export const IDLE_RULE: RuleState = [null, null, null];

/**
 * Compares a rule's measurements with one of its levels: crossed when all conditions are, clear when any condition is.
 * A missing measure therefore neither starts an alert nor keeps one active that another condition has ended.
 */
export function judge(rule: CompiledRule, slot: number, measurements: readonly Measurement[]): Verdict {
  let combined: Verdict = "crossed";
  for (let index = 0; index < rule.conditions.length; index++) {
    const verdict = judgeCondition(rule.conditions[index], slot, measurements[index]);
    if (verdict === "clear") return "clear";
    if (verdict === "unknown" || (verdict === "between" && combined === "crossed")) combined = verdict;
  }
  return combined;
}

/** Compares by `>=`, or by `<` for a condition with `below`. */
export function judgeCondition(
  condition: CompiledCondition | undefined,
  slot: number,
  measurement: Measurement | undefined,
): Verdict {
  const bounds = condition?.thresholds[slot] ?? null;
  if (condition === undefined || bounds === null || measurement === undefined) return "unknown";
  if (measurement.value === null) return "unknown";
  const { value, complete, doubtful } = measurement;
  const { below } = condition;
  const crossed = below ? value < bounds.threshold : value >= bounds.threshold;
  if (crossed) return complete || provesCrossing(condition) ? "crossed" : "unknown";
  if (!complete || doubtful) return "unknown";
  return (below ? value >= bounds.clearBound : value < bounds.clearBound) ? "clear" : "between";
}

/** Missing observations could only raise a sum or maximum further, and only lower a minimum. */
function provesCrossing({ window, below }: CompiledCondition): boolean {
  if (window === undefined) return true;
  return below ? window.as === "min" : window.as === "sum" || window.as === "max";
}

/**
 * Updates one level after a verdict, like Prometheus' `for` and `keep_firing_for` but in observed time: it becomes active
 * after being crossed for `forSeconds`, and idle after being clear for `clearAfterSeconds`. The first observation of a run
 * adds no time, each further one adds `seconds`. An unknown value adds nothing to a crossed run and resets a clear run.
 * After a gap, an inactive level is `unsure` until it has been clear for `clearAfterSeconds`. Returns the same object when
 * nothing changed.
 */
export function advanceLevel(
  state: LevelState,
  { verdict, seconds }: { readonly verdict: Verdict | "gap"; readonly seconds: number },
  rule: Pick<CompiledRule, "forSeconds" | "clearAfterSeconds">,
): LevelState {
  if (verdict === "gap") return state.active ? withoutClearRun(state) : unsure(state);
  if (verdict === "unknown") return withoutClearRun(state);
  if (verdict === "crossed") return advanceCrossed(state, rule.forSeconds, seconds);
  if (!state.active && !state.unsure) return IDLE_LEVEL;
  const steady = state.active ? ACTIVE_LEVEL : UNSURE_LEVEL;
  if (verdict === "between") return state === steady ? state : steady;
  const clearSeconds = state.clearSeconds === null ? 0 : state.clearSeconds + seconds;
  return clearSeconds >= rule.clearAfterSeconds ? IDLE_LEVEL : { ...steady, clearSeconds };
}

const UNSURE_LEVEL: LevelState = { ...IDLE_LEVEL, unsure: true };

function withoutClearRun(state: LevelState): LevelState {
  return state.clearSeconds === null ? state : { ...state, clearSeconds: null };
}

function unsure(state: LevelState): LevelState {
  return state.unsure && state.clearSeconds === null ? state : { ...state, clearSeconds: null, unsure: true };
}

/** Stops counting at `forSeconds`, so that the state of an ongoing alert does not change. */
function advanceCrossed(state: LevelState, forSeconds: number, seconds: number): LevelState {
  const crossedSeconds =
    state.crossedSeconds === null ? 0 : Math.min(state.crossedSeconds + seconds, forSeconds);
  if (state.active || crossedSeconds >= forSeconds) {
    return state.active && state.crossedSeconds === crossedSeconds
      ? state
      : { active: true, crossedSeconds, clearSeconds: null };
  }
  return {
    active: false,
    crossedSeconds,
    clearSeconds: null,
    ...(state.unsure && { unsure: true as const }),
  };
}
