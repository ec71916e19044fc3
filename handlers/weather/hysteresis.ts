import type { Measurement } from "./measure.ts";
import type { CompiledLevel, CompiledRule } from "./rules.ts";
import type { LevelState } from "./state.ts";

/** Where a measurement lies: across the threshold, across the clear bound, between the two, or not known. */
export type Verdict = "crossed" | "clear" | "between" | "unknown";

export const IDLE_LEVEL: LevelState = { active: false, crossedSeconds: null, clearSeconds: null };

/** Judges a measurement by one level: `>=` the threshold, or `<` it for a rule with `below`. */
export function judge(rule: CompiledRule, level: CompiledLevel, measurement: Measurement): Verdict {
  const { value, complete } = measurement;
  if (value === null) return "unknown";
  const crossed = rule.below ? value < level.threshold : value >= level.threshold;
  if (crossed) return complete || provesCrossing(rule) ? "crossed" : "unknown";
  if (!complete) return "unknown";
  return (rule.below ? value >= level.clearBound : value < level.clearBound) ? "clear" : "between";
}

/** What went unobserved can only raise a sum or a maximum, and only lower a minimum. */
function provesCrossing({ window, below }: CompiledRule): boolean {
  if (window === undefined) return true;
  return below ? window.as === "min" : window.as === "sum" || window.as === "max";
}

/**
 * One level after a verdict (Prometheus' `for` and `keep_firing_for`, in observed time):
 * active once crossed for `forSeconds`, idle again once clear for `clearAfterSeconds`.
 * A run begins with its first observation, which adds nothing; each further one adds `seconds`, what it stands for.
 * The unknown neither adds to a run nor ends it.
 */
export function advanceLevel(
  state: LevelState,
  verdict: Verdict,
  { forSeconds, clearAfterSeconds }: CompiledRule,
  seconds: number,
): LevelState {
  if (verdict === "unknown") return state;
  if (verdict === "crossed") {
    const crossedSeconds = state.crossedSeconds === null ? 0 : state.crossedSeconds + seconds;
    return { active: state.active || crossedSeconds >= forSeconds, crossedSeconds, clearSeconds: null };
  }
  if (!state.active || verdict === "between") return { ...IDLE_LEVEL, active: state.active };
  const clearSeconds = state.clearSeconds === null ? 0 : state.clearSeconds + seconds;
  return clearSeconds >= clearAfterSeconds ? IDLE_LEVEL : { ...IDLE_LEVEL, active: true, clearSeconds };
}
