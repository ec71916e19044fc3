import { knownSeconds } from "../rules/measure.ts";
import type { CompiledHazard } from "../rules/plan.ts";
import type { CompiledCondition } from "../rules/rules.ts";
import type { AlertState } from "./state.ts";

/**
 * How well a hazard is watched at a location. `watched`: all windows are known. `partly`: current
 * values are known, but some windows are incomplete, so that an alert may be missed. `unwatched`: a measure has no good value.
 */
export interface HazardWatch {
  readonly hazard: string;
  readonly kind: "watched" | "partly" | "unwatched";
  /**
   * Of `partly`, since when its measures are known; of `unwatched`, when they all had a good value last; null: not yet.
   * In seconds since the epoch.
   */
  readonly since: number | null;
}

type Known = Pick<AlertState, "lastSeconds" | "windows" | "unwatched" | "rules">;

/** How well each hazard is watched, as of the location's last observation. Without an observation, none is. */
export function hazardWatches(hazards: readonly CompiledHazard[], state: Known | undefined): HazardWatch[] {
  return hazards.map((compiled) => ({ hazard: compiled.hazard, ...watchOf(compiled, state) }));
}

function watchOf({ rules }: CompiledHazard, state: Known | undefined): Omit<HazardWatch, "hazard"> {
  const lastSeconds = state?.lastSeconds ?? null;
  if (state === undefined || lastSeconds === null) return { kind: "unwatched", since: null };
  const conditions = rules.flatMap((rule) => rule.conditions.map((condition) => ({ rule, condition })));
  const spans = conditions.flatMap(({ condition }) => state.unwatched[condition.measure.metric] ?? []);
  const missing = spans.filter(({ until }) => until === undefined);
  if (missing.length > 0) {
    return { kind: "unwatched", since: missing.map(({ since }) => since).reduce(earlier) };
  }
  const unsure = rules.some(({ key }) => state.rules[key]?.some((level) => level?.unsure));
  const known = [
    ...(unsure ? spans.flatMap(({ until }) => until ?? []) : []),
    ...conditions.flatMap(({ condition }) => knownSince(condition, state, lastSeconds)),
  ];
  return known.length === 0
    ? { kind: "watched", since: null }
    : { kind: "partly", since: Math.max(...known) };
}

/** Since when a condition's window is known, where that is not all of it. */
function knownSince(
  { measure, window }: CompiledCondition,
  { windows }: Known,
  lastSeconds: number,
): number[] {
  if (window === undefined) return [];
  const known = knownSeconds(windows[measure.metric], window.seconds, lastSeconds);
  return known < window.seconds ? [lastSeconds - known] : [];
}

/** A measure that was never good has no time, and comes first. */
function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.min(one, other);
}
