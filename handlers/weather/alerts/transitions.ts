import { withEntry, withOnly } from "../../../lib/patch.ts";
import type { CompiledHazard, CompiledPlan } from "../rules/plan.ts";
import { LEVEL_RANKS, LEVELS, levelOfRank, type Rank } from "../rules/rules.ts";
import { type Evidence, evidenceOf, evidenceOfEnd, highestRank, type RuleOutcome } from "./evidence.ts";
import type { HazardState } from "./state.ts";
import type { Transition } from "./transition.ts";

/** Where and when an observation was made. */
export interface ObservedAt {
  readonly location: string;
  readonly seconds: number;
  /** The same time in ISO 8601 UTC. */
  readonly time: string;
}

/** A hazard after an observation. Without a state the alert is over. At most one of the transitions is set. */
interface Step {
  readonly state?: HazardState;
  /** Notifies subscribers. */
  readonly announced?: Transition;
  /** Listed in the digest only. */
  readonly digestOnly?: Transition;
}

interface HazardsStep {
  /** The same object when nothing changed. */
  readonly hazards: Readonly<Record<string, HazardState>>;
  readonly announced: readonly Transition[];
  readonly digestOnly: readonly Transition[];
}

const NONE: readonly never[] = [];

/** Earlier transitions of an alert that later ones refer to. */
const MAX_EARLIER = 20;

/**
 * Updates the alerts of a location after one observation. A hazard is at the highest active level of its rules. Alerts of
 * hazards without a rule are dropped.
 */
export function advanceHazards(
  hazards: Readonly<Record<string, HazardState>>,
  outcomes: readonly (readonly RuleOutcome[])[],
  plan: CompiledPlan,
  observedAt: ObservedAt,
): HazardsStep {
  let advanced = withOnly(hazards, plan.known.hazards);
  let announced: readonly Transition[] = NONE;
  let digestOnly: readonly Transition[] = NONE;
  for (const [index, { hazard, allClear }] of plan.hazards.entries()) {
    const context = { hazard, allClear, outcomes: outcomes[index] ?? NONE, plan, observedAt };
    const before = hazards[hazard];
    const step = advanceHazard(before, context);
    if (step.state !== before) advanced = withEntry(advanced, hazard, step.state);
    if (step.announced !== undefined) announced = [...announced, step.announced];
    if (step.digestOnly !== undefined) digestOnly = [...digestOnly, step.digestOnly];
  }
  return { hazards: advanced, announced, digestOnly };
}

/** One hazard at one observation, with the outcomes of its rules. */
interface Context extends Pick<CompiledHazard, "hazard" | "allClear"> {
  readonly outcomes: readonly RuleOutcome[];
  readonly plan: CompiledPlan;
  readonly observedAt: ObservedAt;
}

/**
 * Compares the current level (`rank`) with the announced one (`announcedRank`). Starts and escalations are announced,
 * downgrades are not, and the all-clear is. A muted alert is not queued: the first observation after the mute compares
 * again, so that an alert that is over by then is dropped, and one that goes on is announced once.
 */
function advanceHazard(before: HazardState | undefined, context: Context): Step {
  const rank = highestRank(context.outcomes);
  if (before === undefined && rank === 0) return GONE;
  const state =
    before === undefined ? startAlert(rank, context.observedAt) : withRank(before, rank, context.observedAt);
  if (rank === 0) return endAlert(state, context);
  if (rank > state.announcedRank) return upgrade(state, context);
  return rank < state.announcedRank ? downgrade(state, context) : repeat(state, context);
}

const GONE: Step = {};

function startAlert(rank: Rank, { time }: ObservedAt): HazardState {
  const reached = reachedBy(rank, { rank: 0, reached: {} }, time);
  return {
    rank,
    peak: rank,
    since: time,
    reached,
    announcedRank: 0,
    announcedPeak: 0,
    announcedSeconds: null,
    earlier: [],
  };
}

function withRank(state: HazardState, rank: Rank, { time }: ObservedAt): HazardState {
  if (rank === state.rank) return state;
  const reached = reachedBy(rank, state, time);
  return { ...state, rank, peak: rank > state.peak ? rank : state.peak, reached };
}

/** When each level up to `rank` was reached. Levels above the previous rank are reached now. */
function reachedBy(rank: Rank, before: Pick<HazardState, "rank" | "reached">, time: string) {
  const levels = LEVELS.filter((level) => LEVEL_RANKS[level] <= rank);
  return Object.fromEntries(
    levels.flatMap((level) => {
      const since = LEVEL_RANKS[level] > before.rank ? time : before.reached[level];
      return since === undefined ? [] : [[level, since] as const];
    }),
  );
}

/** Sends the all-clear to all who were notified, or leaves it to the digest. It waits for a known value. */
function endAlert(state: HazardState, context: Context): Step {
  const level = state.announcedRank === 0 && state.inDigest ? 1 : state.announcedPeak;
  if (level === 0) return GONE;
  const forDigest = context.allClear === "digest" || state.announcedRank === 0 || isForDigest(level, context);
  if (forDigest ? isSilenced(context) : isMuted(level, context)) return { state };
  if (isUnsure(context.outcomes)) return { state };
  const evidence = evidenceOfEnd(context.outcomes);
  if (evidence === undefined) return { state };
  const transition = toTransition("clear", level, state, evidence, context);
  return forDigest ? { digestOnly: transition } : { announced: transition };
}

/** Whether a level may still be active, because values were unknown. */
function isUnsure(outcomes: readonly RuleOutcome[]): boolean {
  return outcomes.some(({ levels }) => levels.some((level) => level?.unsure));
}

/** Announces a start or an escalation, to the highest level that current values prove. */
function upgrade(state: HazardState, context: Context): Step {
  for (let rank = state.rank; rank !== 0 && rank > state.announcedRank; rank = nextLower(rank)) {
    const evidence = evidenceOf(rank, context.outcomes);
    if (evidence === undefined) continue;
    const isDigestOnly = isForDigest(rank, context);
    if (isDigestOnly ? state.inDigest || isSilenced(context) : isMuted(rank, context)) return { state };
    return isDigestOnly ? addToDigest(state, evidence, context) : announce(rank, state, evidence, context);
  }
  return { state };
}

/** Lowers the announced level without a message. While a mute would suppress the escalation back, it stays. */
function downgrade(state: HazardState, context: Context): Step {
  return { state: isMuted(state.announcedRank, context) ? state : { ...state, announcedRank: state.rank } };
}

/** Repeats the announcement of an unchanged level if `repeatEvery` has passed. */
function repeat(state: HazardState, context: Context): Step {
  const { rank, announcedSeconds } = state;
  if (announcedSeconds === null || rank === 0) return { state };
  const isDue = context.observedAt.seconds - announcedSeconds >= shortestRepeat(rank, context.outcomes);
  if (!isDue || isForDigest(rank, context) || isMuted(rank, context)) return { state };
  const evidence = evidenceOf(rank, context.outcomes);
  return evidence === undefined ? { state } : announce(rank, state, evidence, context, "repeat");
}

function isForDigest(rank: Rank, { plan }: Context): boolean {
  return plan.yellow === "digest" && rank === 1;
}

function isSilenced({ plan, hazard, observedAt }: Context): boolean {
  return plan.muter.isSilenced(hazard, observedAt.seconds);
}

function isMuted(rank: Rank, { plan, hazard, observedAt }: Context): boolean {
  return plan.muter.mutes(rank, hazard, observedAt.seconds);
}

function announce(
  rank: Exclude<Rank, 0>,
  state: HazardState,
  evidence: Evidence,
  context: Context,
  kind: Transition["kind"] = state.announcedRank === 0 ? "start" : "escalation",
): Step {
  const transition = toTransition(kind, rank, state, evidence, context);
  const announcedPeak = rank > state.announcedPeak ? rank : state.announcedPeak;
  const earlier = withEarlier(state, transition);
  return {
    state: {
      ...state,
      announcedRank: rank,
      announcedPeak,
      announcedSeconds: context.observedAt.seconds,
      earlier,
    },
    announced: transition,
  };
}

function addToDigest(state: HazardState, evidence: Evidence, context: Context): Step {
  const transition = toTransition("start", 1, state, evidence, context);
  return {
    state: { ...state, inDigest: true, earlier: withEarlier(state, transition) },
    digestOnly: transition,
  };
}

function withEarlier({ earlier }: HazardState, { id, time }: Transition): HazardState["earlier"] {
  return [...earlier, { id, time }].slice(-MAX_EARLIER);
}

function nextLower(rank: Rank): Rank {
  return rank === 3 ? 2 : rank === 2 ? 1 : 0;
}

/** The shortest `repeatEvery` of the rules that are active at a rank. */
function shortestRepeat(rank: Exclude<Rank, 0>, outcomes: readonly RuleOutcome[]): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const { rule, levels } of outcomes) {
    if (levels[rank - 1]?.active === true) shortest = Math.min(shortest, rule.repeatSeconds);
  }
  return shortest;
}

function toTransition(
  kind: Transition["kind"],
  rank: Exclude<Rank, 0>,
  state: HazardState,
  { rule, readings, unconfirmed }: Evidence,
  { hazard, observedAt: { location, time } }: Context,
): Transition {
  const [{ value, threshold, measure, below }] = readings;
  const levelSince = kind === "clear" ? undefined : state.reached[levelOfRank(rank)];
  return {
    id: `${location}/${hazard}/${time}/${kind}`,
    time,
    location,
    hazard,
    level: levelOfRank(rank),
    kind,
    value,
    threshold,
    measure,
    below,
    ...(rule.conditions.length > 1 && { conditions: [...readings] }),
    ...(unconfirmed && kind !== "clear" && { unconfirmed: true as const }),
    ...(rule.scale !== undefined && { scale: rule.scale }),
    since: state.since,
    ...(levelSince !== undefined && levelSince !== state.since && { levelSince }),
    ...(kind === "escalation" && state.announcedPeak >= rank && { again: true as const }),
    ...(state.earlier.length > 0 && { earlier: state.earlier }),
  };
}
