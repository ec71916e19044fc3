import { parseISO } from "date-fns/parseISO";
import { deriveValues, type MeasuredValues } from "./derived.ts";
import type { RuleOutcome } from "./evidence.ts";
import { FIELDS, plausibleValues, type Values } from "./fields.ts";
import { type Hour, hourOf, recordHour } from "./history.ts";
import { advanceLevel, IDLE_LEVEL, IDLE_RULE, judge } from "./hysteresis.ts";
import { observedSeconds, takeMeasure } from "./measure.ts";
import { withEntry, withOnly } from "./patch.ts";
import type { CompiledPlan } from "./plan.ts";
import type { WeatherRecord } from "./record.ts";
import type { CompiledRule } from "./rules.ts";
import type { AlertState, RuleState } from "./state.ts";
import { formatUtc } from "./time.ts";
import type { Transition } from "./transition.ts";
import { advanceHazards, type Moment } from "./transitions.ts";
import { append, EMPTY_SERIES, type Series, toMillionths } from "./window.ts";

export interface Observation {
  readonly location: string;
  /** Counts in whole seconds. */
  readonly time: Date;
  readonly values: Values;
}

/** The observation in a valid record. An implausible figure is unknown: the archive keeps it, no alert comes of it. */
export function toObservation({ location, data }: WeatherRecord): Observation {
  return { location: location.id, time: parseISO(data.time), values: plausibleValues(data.values) };
}

export interface Evaluation {
  /** The very same object when the observation changed nothing. */
  readonly state: AlertState;
  /** What people are to be told now. */
  readonly transitions: readonly Transition[];
  /** What is left to the digest, and among the state's events already. */
  readonly noted: readonly Transition[];
}

/**
 * Takes one observation of a location into its state and says which alerts begin, rise, go on or end.
 * Pure. An observation that is not newer than the last one changes nothing, so duplicates and late ones are harmless.
 */
export function evaluate(state: AlertState, observation: Observation, plan: CompiledPlan): Evaluation {
  const seconds = Math.floor(observation.time.getTime() / 1000);
  if (state.lastSeconds !== null && seconds <= state.lastSeconds)
    return { state, transitions: NONE, noted: NONE };

  const moment: Sight = {
    location: observation.location,
    seconds,
    time: formatUtc(isWhole(observation.time) ? observation.time : new Date(seconds * 1000)),
    observedSeconds: observedSeconds(state.lastSeconds, seconds),
    values: plan.derives ? deriveValues(observation.values) : observation.values,
  };
  const { windows, history } = keepMetrics(state, plan, moment);
  const outcomes = plan.hazards.map(({ rules }) =>
    rules.map((rule) => advanceRule(rule, state.rules[rule.key] ?? IDLE_RULE, windows, moment)),
  );
  const { hazards, told, noted } = advanceHazards(state.hazards, outcomes, plan, moment);
  return {
    state: {
      version: 2,
      lastSeconds: seconds,
      windows,
      history,
      rules: ruleStates(state.rules, outcomes, plan),
      hazards,
      latest: latestFigures(observation.values, moment.time) ?? state.latest,
      events: keepEvents(state.events, noted, seconds),
      pending: state.pending,
    },
    transitions: told,
    noted,
  };
}

const NONE: readonly never[] = [];

function isWhole(time: Date): boolean {
  return time.getTime() % 1000 === 0;
}

/** An observation on its way through the rules. */
interface Sight extends Moment {
  readonly observedSeconds: number;
  readonly values: MeasuredValues;
}

function keepMetrics(
  state: AlertState,
  plan: CompiledPlan,
  moment: Sight,
): Pick<AlertState, "windows" | "history"> {
  const windows: Record<string, Series> = {};
  const isNewHour = state.lastSeconds === null || hourOf(moment.seconds) !== hourOf(state.lastSeconds);
  let history = isNewHour ? withOnly(state.history, plan.known.metrics) : state.history;
  for (const { metric, windowSeconds, figure } of plan.metrics) {
    const value = toMillionths(moment.values[metric]);
    if (windowSeconds > 0) {
      windows[metric] = append(state.windows[metric] ?? EMPTY_SERIES, moment, value, windowSeconds);
    }
    const before = history[metric] ?? NO_HOURS;
    const hours = recordHour(before, figure, moment, value);
    if (hours !== before) history = withEntry(history, metric, hours);
  }
  return { windows, history };
}

const NO_HOURS: readonly Hour[] = [];

function advanceRule(
  rule: CompiledRule,
  before: RuleState,
  windows: AlertState["windows"],
  { seconds, observedSeconds, values }: Sight,
): RuleOutcome {
  const measurements = rule.conditions.map((condition) => takeMeasure(condition, values, windows, seconds));
  let levels = before;
  for (let slot = 0; slot < rule.levels.length; slot++) {
    const state = before[slot] ?? IDLE_LEVEL;
    const verdict = judge(rule, slot, measurements);
    const advanced =
      rule.levels[slot] === null ? IDLE_LEVEL : advanceLevel(state, verdict, rule, observedSeconds);
    if (advanced !== state) levels = levels.with(slot, advanced === IDLE_LEVEL ? null : advanced);
  }
  return { rule, measurements, before, levels };
}

/** The states of the rules that are not idle; those of rules that have gone are forgotten. */
function ruleStates(
  before: AlertState["rules"],
  outcomes: readonly (readonly RuleOutcome[])[],
  plan: CompiledPlan,
): AlertState["rules"] {
  let states = withOnly(before, plan.known.rules);
  for (const ofHazard of outcomes) {
    for (const { rule, before: levelsBefore, levels } of ofHazard) {
      if (levels === levelsBefore) continue;
      states = withEntry(states, rule.key, levels.every((level) => level === null) ? undefined : levels);
    }
  }
  return states;
}

const KNOWN_FIELDS: ReadonlySet<string> = new Set(FIELDS);

/** Known figures with the time; null: none is known. */
function latestFigures(values: Values, time: string): AlertState["latest"] {
  let known = 0;
  let others = 0;
  for (const field in values) {
    const isKnown = typeof values[field as keyof Values] === "number" && KNOWN_FIELDS.has(field);
    if (isKnown) known += 1;
    else others += 1;
  }
  if (known === 0) return null;
  return { time, values: others === 0 ? (values as Readonly<Record<string, number>>) : onlyKnown(values) };
}

function onlyKnown(values: Values): Readonly<Record<string, number>> {
  const known: Record<string, number> = {};
  for (const field of FIELDS) {
    const value = values[field];
    if (typeof value === "number") known[field] = value;
  }
  return known;
}

const MAX_EVENTS = 20;
const EVENT_SECONDS = 48 * 3600;

function keepEvents(
  events: AlertState["events"],
  noted: readonly Transition[],
  seconds: number,
): AlertState["events"] {
  const [oldest] = events;
  const isRecent = ({ time }: Transition) => seconds - Date.parse(time) / 1000 <= EVENT_SECONDS;
  if (noted.length === 0 && (oldest === undefined || isRecent(oldest))) return events;
  return [...events, ...noted].filter(isRecent).slice(-MAX_EVENTS);
}
