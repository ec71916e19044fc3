import { withEntry, withOnly } from "../../../lib/patch.ts";
import type { CompiledHazard, CompiledPlan } from "../rules/plan.ts";
import { LEVEL_RANKS, LEVELS, levelOfRank, type Rank } from "../rules/rules.ts";
import { type Evidence, evidenceOf, evidenceOfEnd, highestRank, type RuleOutcome } from "./evidence.ts";
import type { HazardState } from "./state.ts";
import type { Transition } from "./transition.ts";

/** When and where something is observed. */
export interface ObservedAt {
  readonly location: string;
  readonly seconds: number;
  /** The same, ISO 8601 UTC. */
  readonly time: string;
}

/** A hazard after an observation: gone when it has no state; at most one of `told` and `noted`. */
interface Step {
  readonly state?: HazardState;
  /** For people. */
  readonly announced?: Transition;
  /** For the digest only. */
  readonly digestOnly?: Transition;
}

interface HazardsStep {
  /** The very same object when nothing changed. */
  readonly hazards: Readonly<Record<string, HazardState>>;
  readonly announced: readonly Transition[];
  readonly digestOnly: readonly Transition[];
}

const NONE: readonly never[] = [];

/** What was told of an alert, or left to the digest, that its later messages refer to. */
const MAX_EARLIER = 20;

/**
 * Takes the hazards of a location from one observation to the next. A hazard is at the highest level of its rules.
 * Hazards without a rule are forgotten.
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

/** One hazard at one observation. */
interface Context extends Pick<CompiledHazard, "hazard" | "allClear"> {
  readonly outcomes: readonly RuleOutcome[];
  readonly plan: CompiledPlan;
  readonly observedAt: ObservedAt;
}

/**
 * Brings together what is (`rank`) and what people were told (`told`): up is told, down is silent, the end is told.
 * What the gate holds is simply not told; the next observation after it compares again, so that what is no longer
 * true by then is dropped, and what still is gives one message.
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
  const reached = reachedBy(rank, { rank: 0 }, time);
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

/** When each level up to `rank` was reached: as before, or now. A state of before may not know it of a level that it was at. */
function reachedBy(rank: Rank, before: Pick<HazardState, "rank" | "reached">, time: string) {
  const levels = LEVELS.filter((level) => LEVEL_RANKS[level] <= rank);
  return Object.fromEntries(
    levels.flatMap((level) => {
      const since = LEVEL_RANKS[level] > before.rank ? time : before.reached?.[level];
      return since === undefined ? [] : [[level, since] as const];
    }),
  );
}

/** The all-clear, to everybody whom the alert reached, or to the digest. It waits for a known value. */
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

/** Whether a level may be active for all that is known. */
function isUnsure(outcomes: readonly RuleOutcome[]): boolean {
  return outcomes.some(({ levels }) => levels.some((level) => level?.unsure));
}

/** The start, or a rise: to the highest level that figures show now. */
function upgrade(state: HazardState, context: Context): Step {
  for (let rank = state.rank; rank !== 0 && rank > state.announcedRank; rank = nextLower(rank)) {
    const evidence = evidenceOf(rank, context.outcomes);
    if (evidence === undefined) continue;
    const isNoted = isForDigest(rank, context);
    if (isNoted ? state.inDigest || isSilenced(context) : isMuted(rank, context)) return { state };
    return isNoted ? addToDigest(state, evidence, context) : announce(rank, state, evidence, context);
  }
  return { state };
}

/** Silent; but where a rise back could not be told, people go on believing what they were told. */
function downgrade(state: HazardState, context: Context): Step {
  return { state: isMuted(state.announcedRank, context) ? state : { ...state, announcedRank: state.rank } };
}

/** Told again every now and then, where a rule says so. */
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

/** Of the rules that hold a rank. */
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
  const levelSince = kind === "clear" ? undefined : state.reached?.[levelOfRank(rank)];
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
