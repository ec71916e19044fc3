import type { Measurement } from "../rules/measure.ts";
import type { CompiledCondition, CompiledRule } from "../rules/rules.ts";
import type { LevelState, RuleState } from "./state.ts";

/** Where a measurement lies: across the threshold, across the clear bound, between the two, or not known. */
export type Verdict = "crossed" | "clear" | "between" | "unknown";

export const IDLE_LEVEL: LevelState = { active: false, crossedSeconds: null, clearSeconds: null };
const ACTIVE_LEVEL: LevelState = { ...IDLE_LEVEL, active: true };
/** No level of a rule is active or about to be. */
export const IDLE_RULE: RuleState = [null, null, null];

/**
 * Judges a rule's measurements, one for each condition, by one of its levels: crossed when all are, clear when any is,
 * so that an outage of one neither starts an alert nor keeps one on that another has ended.
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

/** Judges by `>=` the threshold, or `<` it for a condition with `below`. */
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

/** What went unobserved can only raise a sum or a maximum, and only lower a minimum. */
function provesCrossing({ window, below }: CompiledCondition): boolean {
  if (window === undefined) return true;
  return below ? window.as === "min" : window.as === "sum" || window.as === "max";
}

/**
 * One level after a verdict (Prometheus' `for` and `keep_firing_for`, in observed time):
 * active once crossed for `forSeconds`, idle again once clear for `clearAfterSeconds`.
 * A run begins with its first observation, which adds nothing; each further one adds `seconds`, what it stands for.
 * An unknown observation may have been across the threshold: it adds nothing to a run of crossings, and a clear run
 * begins again after it. After a gap, a level that is not active is `unsure` until it was clear for as long as would
 * have ended it. The very same object when nothing changed.
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

/** Counts no further than `for`: from there on, an alert that goes on changes nothing. */
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
