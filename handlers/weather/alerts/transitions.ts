import { withEntry, withOnly } from "../../../lib/patch.ts";
import type { CompiledHazard, CompiledPlan } from "../rules/plan.ts";
import { LEVEL_RANKS, LEVELS, levelOfRank, type Rank } from "../rules/rules.ts";
import { type Evidence, evidenceOf, evidenceOfEnd, highestRank, type RuleOutcome } from "./evidence.ts";
import type { HazardState } from "./state.ts";
import type { Transition } from "./transition.ts";

/** When and where something is observed. */
export interface Moment {
  readonly location: string;
  readonly seconds: number;
  /** The same, ISO 8601 UTC. */
  readonly time: string;
}

/** A hazard after an observation: gone when it has no state; at most one of `told` and `noted`. */
interface Step {
  readonly state?: HazardState;
  /** For people. */
  readonly told?: Transition;
  /** For the digest only. */
  readonly noted?: Transition;
}

interface HazardsStep {
  /** The very same object when nothing changed. */
  readonly hazards: Readonly<Record<string, HazardState>>;
  readonly told: readonly Transition[];
  readonly noted: readonly Transition[];
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
  moment: Moment,
): HazardsStep {
  let advanced = withOnly(hazards, plan.known.hazards);
  let told: readonly Transition[] = NONE;
  let noted: readonly Transition[] = NONE;
  for (const [index, { hazard, allClear }] of plan.hazards.entries()) {
    const context = { hazard, allClear, outcomes: outcomes[index] ?? NONE, plan, moment };
    const before = hazards[hazard];
    const step = advanceHazard(before, context);
    if (step.state !== before) advanced = withEntry(advanced, hazard, step.state);
    if (step.told !== undefined) told = [...told, step.told];
    if (step.noted !== undefined) noted = [...noted, step.noted];
  }
  return { hazards: advanced, told, noted };
}

/** One hazard at one observation. */
interface Context extends Pick<CompiledHazard, "hazard" | "allClear"> {
  readonly outcomes: readonly RuleOutcome[];
  readonly plan: CompiledPlan;
  readonly moment: Moment;
}

/**
 * Brings together what is (`rank`) and what people were told (`told`): up is told, down is silent, the end is told.
 * What the gate holds is simply not told; the next observation after it compares again, so that what is no longer
 * true by then is dropped, and what still is gives one message.
 */
function advanceHazard(before: HazardState | undefined, context: Context): Step {
  const rank = highestRank(context.outcomes);
  if (before === undefined && rank === 0) return GONE;
  const state = before === undefined ? begin(rank, context.moment) : follow(before, rank, context.moment);
  if (rank === 0) return end(state, context);
  if (rank > state.told) return rise(state, context);
  return rank < state.told ? fall(state, context) : goOn(state, context);
}

const GONE: Step = {};

function begin(rank: Rank, { time }: Moment): HazardState {
  const reached = reachedBy(rank, { rank: 0 }, time);
  return { rank, peak: rank, since: time, reached, told: 0, toldPeak: 0, toldSeconds: null, earlier: [] };
}

function follow(state: HazardState, rank: Rank, { time }: Moment): HazardState {
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
function end(state: HazardState, context: Context): Step {
  const level = state.told === 0 && state.noted ? 1 : state.toldPeak;
  if (level === 0) return GONE;
  const forDigest = context.allClear === "digest" || state.told === 0 || isForDigest(level, context);
  if (forDigest ? isSilent(context) : isHeld(level, context)) return { state };
  if (isUnsure(context.outcomes)) return { state };
  const evidence = evidenceOfEnd(context.outcomes);
  if (evidence === undefined) return { state };
  const transition = toTransition("clear", level, state, evidence, context);
  return forDigest ? { noted: transition } : { told: transition };
}

/** Whether a level may be active for all that is known. */
function isUnsure(outcomes: readonly RuleOutcome[]): boolean {
  return outcomes.some(({ levels }) => levels.some((level) => level?.unsure));
}

/** The start, or a rise: to the highest level that figures show now. */
function rise(state: HazardState, context: Context): Step {
  for (let rank = state.rank; rank !== 0 && rank > state.told; rank = lower(rank)) {
    const evidence = evidenceOf(rank, context.outcomes);
    if (evidence === undefined) continue;
    const isNoted = isForDigest(rank, context);
    if (isNoted ? state.noted || isSilent(context) : isHeld(rank, context)) return { state };
    return isNoted ? note(state, evidence, context) : tell(rank, state, evidence, context);
  }
  return { state };
}

/** Silent; but where a rise back could not be told, people go on believing what they were told. */
function fall(state: HazardState, context: Context): Step {
  return { state: isHeld(state.told, context) ? state : { ...state, told: state.rank } };
}

/** Told again every now and then, where a rule says so. */
function goOn(state: HazardState, context: Context): Step {
  const { rank, toldSeconds } = state;
  if (toldSeconds === null || rank === 0) return { state };
  const isDue = context.moment.seconds - toldSeconds >= shortestRepeat(rank, context.outcomes);
  if (!isDue || isForDigest(rank, context) || isHeld(rank, context)) return { state };
  const evidence = evidenceOf(rank, context.outcomes);
  return evidence === undefined ? { state } : tell(rank, state, evidence, context, "repeat");
}

function isForDigest(rank: Rank, { plan }: Context): boolean {
  return plan.yellow === "digest" && rank === 1;
}

function isSilent({ plan, hazard, moment }: Context): boolean {
  return plan.gate.isSilent(hazard, moment.seconds);
}

function isHeld(rank: Rank, { plan, hazard, moment }: Context): boolean {
  return plan.gate.isHeld(rank, hazard, moment.seconds);
}

function tell(
  rank: Exclude<Rank, 0>,
  state: HazardState,
  evidence: Evidence,
  context: Context,
  kind: Transition["kind"] = state.told === 0 ? "start" : "escalation",
): Step {
  const transition = toTransition(kind, rank, state, evidence, context);
  const toldPeak = rank > state.toldPeak ? rank : state.toldPeak;
  const earlier = withEarlier(state, transition);
  return {
    state: { ...state, told: rank, toldPeak, toldSeconds: context.moment.seconds, earlier },
    told: transition,
  };
}

function note(state: HazardState, evidence: Evidence, context: Context): Step {
  const transition = toTransition("start", 1, state, evidence, context);
  return { state: { ...state, noted: true, earlier: withEarlier(state, transition) }, noted: transition };
}

function withEarlier({ earlier }: HazardState, { id, time }: Transition): HazardState["earlier"] {
  return [...earlier, { id, time }].slice(-MAX_EARLIER);
}

function lower(rank: Rank): Rank {
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
  { rule, figures, unconfirmed }: Evidence,
  { hazard, moment: { location, time } }: Context,
): Transition {
  const [{ value, threshold, measure, below }] = figures;
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
    ...(rule.conditions.length > 1 && { conditions: [...figures] }),
    ...(unconfirmed && kind !== "clear" && { unconfirmed: true as const }),
    ...(rule.scale !== undefined && { scale: rule.scale }),
    since: state.since,
    ...(levelSince !== undefined && levelSince !== state.since && { levelSince }),
    ...(kind === "escalation" && state.toldPeak >= rank && { again: true as const }),
    ...(state.earlier.length > 0 && { earlier: state.earlier }),
  };
}
