import type { Observation } from "./evaluate.ts";
import type { Measurement } from "./measure.ts";
import { type CompiledLevel, type CompiledRule, LEVEL_RANKS, levelOfRank, type Rank } from "./rules.ts";
import type { HazardState, LevelState, Transition } from "./state.ts";
import { formatUtc } from "./time.ts";

/** One rule at one observation: its measurement, and its levels before and after. */
export interface RuleOutcome {
  readonly rule: CompiledRule;
  readonly measurement: Measurement;
  readonly before: Readonly<Record<string, LevelState>>;
  readonly levels: Record<string, LevelState>;
}

interface HazardStep {
  readonly state?: HazardState;
  readonly transition?: Transition;
}

/** The figures a message quotes: a rule, its value now, and the threshold it is held against. */
interface Evidence {
  readonly rule: CompiledRule;
  readonly value: number;
  readonly threshold: number;
}

/**
 * Takes the hazards of a location from one observation to the next. A hazard is at the highest level of its rules;
 * up is told (start, escalation), down is silent, the end is told (clear). Hazards without a rule are forgotten.
 */
export function advanceHazards(
  hazards: Readonly<Record<string, HazardState>>,
  outcomes: readonly RuleOutcome[],
  observation: Observation,
): { hazards: Record<string, HazardState>; transitions: Transition[] } {
  const advanced: Record<string, HazardState> = {};
  const transitions: Transition[] = [];
  for (const [hazard, rules] of Map.groupBy(outcomes, ({ rule }) => rule.hazard)) {
    const { state, transition } = advanceHazard(hazards[hazard], rules, observation);
    if (state !== undefined) advanced[hazard] = state;
    if (transition !== undefined) transitions.push(transition);
  }
  return { hazards: advanced, transitions };
}

function advanceHazard(
  state: HazardState | undefined,
  outcomes: readonly RuleOutcome[],
  observation: Observation,
): HazardStep {
  const rank = highestRank(outcomes);
  if (state === undefined) return rank === 0 ? {} : startHazard(rank, outcomes, observation);
  if (rank === 0) return endHazard(state, outcomes, observation);
  if (rank <= state.rank) return { state: { ...state, rank } };
  const raised: HazardState = { ...state, rank, peak: rank > state.peak ? rank : state.peak };
  const evidence = evidenceOfRank(outcomes, rank);
  return evidence === undefined ? { state } : tell("escalation", raised, evidence, rank, observation);
}

function startHazard(
  rank: Exclude<Rank, 0>,
  outcomes: readonly RuleOutcome[],
  observation: Observation,
): HazardStep {
  const started: HazardState = { rank, peak: rank, since: formatUtc(observation.time) };
  const evidence = evidenceOfRank(outcomes, rank);
  return evidence === undefined ? {} : tell("start", started, evidence, rank, observation);
}

/** When the rule that carried the alert has left the config and nothing else is known, the end waits for a value. */
function endHazard(
  state: HazardState,
  outcomes: readonly RuleOutcome[],
  observation: Observation,
): HazardStep {
  const evidence = evidenceOfEnd(outcomes);
  if (evidence === undefined) return { state };
  return { transition: tell("clear", state, evidence, state.peak, observation).transition };
}

function highestRank(outcomes: readonly RuleOutcome[]): Rank {
  let highest: Rank = 0;
  for (const { level, active } of outcomes.flatMap(levelsOf)) {
    const rank = LEVEL_RANKS[level.level];
    if (active && rank > highest) highest = rank;
  }
  return highest;
}

function levelsOf(
  outcome: RuleOutcome,
): { outcome: RuleOutcome; level: CompiledLevel; active: boolean; wasActive: boolean }[] {
  return outcome.rule.levels.map((level) => ({
    outcome,
    level,
    active: outcome.levels[level.level]?.active ?? false,
    wasActive: outcome.before[level.level]?.active ?? false,
  }));
}

function evidenceOfRank(outcomes: readonly RuleOutcome[], rank: Exclude<Rank, 0>): Evidence | undefined {
  const risen = outcomes
    .flatMap(levelsOf)
    .find(({ level, active, wasActive }) => active && !wasActive && LEVEL_RANKS[level.level] === rank);
  return risen && toEvidence(risen.outcome, risen.level);
}

function evidenceOfEnd(outcomes: readonly RuleOutcome[]): Evidence | undefined {
  const levels = outcomes.flatMap(levelsOf);
  const left =
    levels.find(({ active, wasActive }) => wasActive && !active) ??
    levels.find(({ outcome }) => outcome.measurement.value !== null);
  return left && toEvidence(left.outcome, left.level);
}

function toEvidence({ rule, measurement }: RuleOutcome, level: CompiledLevel): Evidence | undefined {
  return measurement.value === null
    ? undefined
    : { rule, value: measurement.value, threshold: level.threshold };
}

function tell(
  kind: Transition["kind"],
  state: HazardState,
  { rule, value, threshold }: Evidence,
  rank: Exclude<Rank, 0>,
  { location, time }: Observation,
): Required<HazardStep> {
  const at = formatUtc(time);
  const transition: Transition = {
    id: `${location}/${rule.hazard}/${at}/${kind}`,
    time: at,
    location,
    hazard: rule.hazard,
    level: levelOfRank(rank),
    kind,
    value,
    threshold,
    measure: rule.measure,
    below: rule.below,
    ...(rule.scale !== undefined && { scale: rule.scale }),
    since: state.since,
  };
  return { state, transition };
}
