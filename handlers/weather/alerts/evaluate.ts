import { withEntry, withOnly } from "../../../lib/patch.ts";
import { deriveValues, type MeasuredValues } from "../observation/derived.ts";
import { FIELDS, type Values } from "../observation/fields.ts";
import { type Hour, hourOf, recordHour } from "../observation/history.ts";
import { assess, type Flags, isDoubtful, NO_FLAGS } from "../observation/quality/assess.ts";
import { checkSeries } from "../observation/quality/series.ts";
import { observationTime, type WeatherRecord } from "../observation/record.ts";
import { formatUtc } from "../observation/time.ts";
import { append, EMPTY_SERIES, type Series, toMillionths } from "../observation/window.ts";
import { MAX_WINDOW_SECONDS } from "../rules/condition.ts";
import { observedSeconds, takeMeasure } from "../rules/measure.ts";
import type { CompiledPlan } from "../rules/plan.ts";
import type { CompiledCondition, CompiledRule } from "../rules/rules.ts";
import type { RuleOutcome } from "./evidence.ts";
import { advanceLevel, IDLE_LEVEL, IDLE_RULE, judge } from "./hysteresis.ts";
import type { AlertState, RuleState, UnwatchedSpan } from "./state.ts";
import type { Transition } from "./transition.ts";
import { advanceHazards, type ObservedAt } from "./transitions.ts";

export interface Observation {
  readonly location: string;
  /** Evaluated with a resolution of one second. */
  readonly time: Date;
  /** Usable values. An erroneous value is null. */
  readonly values: Values;
  /** Quality flags from the checks of a single reading. Defaults to none. */
  readonly flags?: Flags;
}

/** Extracts the observation of a valid record. Erroneous values become unknown: they are archived, but never alert. */
export function toObservation(record: WeatherRecord): Observation {
  return {
    location: record.location.id,
    time: observationTime(record),
    ...assess(record.data.values),
  };
}

interface Evaluation {
  /** The same object when the observation changed nothing. */
  readonly state: AlertState;
  /** Transitions that notify subscribers. */
  readonly announced: readonly Transition[];
  /** Transitions that only the digest lists. They are among the events of `state` already. */
  readonly digestOnly: readonly Transition[];
}

/**
 * Evaluates the rules of a location for one observation: updates windows and hysteresis, and returns the alerts that
 * start, escalate, repeat or clear. Pure. Duplicate and late observations change nothing.
 */
export function evaluate(state: AlertState, observation: Observation, plan: CompiledPlan): Evaluation {
  const seconds = Math.floor(observation.time.getTime() / 1000);
  if (state.lastSeconds !== null && seconds <= state.lastSeconds)
    return { state, announced: NONE, digestOnly: NONE };

  const observed = { seconds, observedSeconds: observedSeconds(state.lastSeconds, seconds) };
  const { recent, flags } = checkSeries(state.recent, plan.checked, withFlags(observation), observed);
  const reading: Reading = {
    location: observation.location,
    time: formatUtc(isWhole(observation.time) ? observation.time : new Date(seconds * 1000)),
    ...observed,
    ...judgeMetrics(state, plan, {
      values: plan.derives ? deriveValues(observation.values) : observation.values,
      flags,
      seconds,
    }),
  };
  const { windows, history } = keepMetrics(state, plan, reading);
  const doubted = keepDoubted(state, reading);
  const outcomes = plan.hazards.map(({ rules }) =>
    rules.map((rule) => advanceRule(rule, state.rules[rule.key] ?? IDLE_RULE, { windows, doubted }, reading)),
  );
  const { hazards, announced, digestOnly } = advanceHazards(state.hazards, outcomes, plan, reading);
  return {
    state: {
      version: 1,
      lastSeconds: seconds,
      windows,
      history,
      rules: ruleStates(state.rules, outcomes, plan),
      hazards,
      latest: latestValues(observation.values, flags, reading.time) ?? state.latest,
      recent,
      doubted,
      unwatched: reading.unwatched,
      events: keepEvents(state.events, digestOnly, seconds),
      pending: state.pending,
    },
    announced,
    digestOnly,
  };
}

const NONE: readonly never[] = [];

function isWhole(time: Date): boolean {
  return time.getTime() % 1000 === 0;
}

function withFlags({ values, flags = NO_FLAGS }: Observation): { values: Values; flags: Flags } {
  return { values, flags };
}

/** An observation while its rules are evaluated. */
interface Reading extends ObservedAt, JudgedMetrics {
  readonly observedSeconds: number;
}

interface JudgedMetrics {
  readonly values: MeasuredValues;
  /** Metrics whose current value is doubtful. */
  readonly doubtful: ReadonlySet<string>;
  readonly unwatched: AlertState["unwatched"];
}

/**
 * Classifies the value of each metric that rules use: good, doubtful or unknown. If the plan says `wait`, a doubtful value
 * counts only when the previous one was doubtful, too.
 */
function judgeMetrics(
  state: AlertState,
  plan: CompiledPlan,
  { values: measured, flags, seconds }: { values: MeasuredValues; flags: Flags; seconds: number },
): JudgedMetrics {
  const { lastSeconds } = state;
  let values = measured;
  let doubtful = NOTHING_DOUBTFUL;
  let unwatched = withOnly(state.unwatched, plan.known.metrics);
  for (const { metric, inputs } of plan.metrics) {
    const isKnown = typeof measured[metric] === "number";
    const isInDoubt = isKnown && flags !== NO_FLAGS && inputs.some((field) => isDoubtful(flags[field]));
    if (isInDoubt) {
      doubtful = new Set([...doubtful, metric]);
      const isFirst = state.doubted[metric] === undefined || state.doubted[metric] !== lastSeconds;
      if (plan.doubtful === "wait" && isFirst) values = { ...values, [metric]: null };
    }
    const span = unwatched[metric];
    const next = nextSpan(span, isKnown && !isInDoubt, lastSeconds, seconds);
    if (next !== span) unwatched = withEntry(unwatched, metric, next);
  }
  return { values, doubtful, unwatched };
}

/** The current or most recent span without a good value of a metric. */
function nextSpan(
  span: UnwatchedSpan | undefined,
  isGood: boolean,
  lastSeconds: number | null,
  seconds: number,
): UnwatchedSpan | undefined {
  if (!isGood) return span !== undefined && span.until === undefined ? span : { since: lastSeconds };
  return span === undefined || span.until !== undefined ? span : { ...span, until: lastSeconds ?? seconds };
}

const NOTHING_DOUBTFUL: ReadonlySet<string> = new Set();

/** The time of the last doubtful value by metric, kept for as long as the longest window. */
function keepDoubted(state: AlertState, { doubtful, seconds }: Reading): AlertState["doubted"] {
  let doubted = state.doubted;
  for (const metric of doubtful) doubted = withEntry(doubted, metric, seconds);
  for (const metric in doubted) {
    if (seconds - (doubted[metric] ?? seconds) > MAX_WINDOW_SECONDS)
      doubted = withEntry(doubted, metric, undefined);
  }
  return doubted;
}

function keepMetrics(
  state: AlertState,
  plan: CompiledPlan,
  reading: Reading,
): Pick<AlertState, "windows" | "history"> {
  const windows: Record<string, Series> = {};
  const isNewHour = state.lastSeconds === null || hourOf(reading.seconds) !== hourOf(state.lastSeconds);
  let history = isNewHour ? withOnly(state.history, plan.known.metrics) : state.history;
  for (const { metric, windowSeconds, aggregate } of plan.metrics) {
    const value = toMillionths(reading.values[metric]);
    if (windowSeconds > 0) {
      windows[metric] = append(state.windows[metric] ?? EMPTY_SERIES, reading, value, windowSeconds);
    }
    const before = history[metric] ?? NO_HOURS;
    const hours = recordHour(before, aggregate, reading, value);
    if (hours !== before) history = withEntry(history, metric, hours);
  }
  return { windows, history };
}

const NO_HOURS: readonly Hour[] = [];

function advanceRule(
  rule: CompiledRule,
  before: RuleState,
  kept: Pick<AlertState, "windows" | "doubted">,
  reading: Reading,
): RuleOutcome {
  const measurements = rule.conditions.map((condition) => takeMeasure(condition, reading, kept));
  const hasGap = rule.conditions.some((condition) => isInGap(condition, reading));
  let levels = before;
  for (let slot = 0; slot < rule.levels.length; slot++) {
    const state = before[slot] ?? IDLE_LEVEL;
    const verdict = judge(rule, slot, measurements);
    const step = {
      verdict: verdict === "unknown" && hasGap ? "gap" : verdict,
      seconds: reading.observedSeconds,
    } as const;
    const advanced = rule.levels[slot] === null ? IDLE_LEVEL : advanceLevel(state, step, rule);
    if (advanced !== state) levels = levels.with(slot, advanced === IDLE_LEVEL ? null : advanced);
  }
  return { rule, measurements, before, levels };
}

/** Whether a reading within the condition's window had no good value. */
function isInGap({ measure, window }: CompiledCondition, { unwatched, seconds }: Reading): boolean {
  const span = unwatched[measure.metric];
  return span !== undefined && (span.until === undefined || seconds - span.until < (window?.seconds ?? 0));
}

/** States of the rules that are not idle. States of removed rules are dropped. */
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

/** The known values and their time, or null if no value is known. */
function latestValues(values: Values, flags: Flags, time: string): AlertState["latest"] {
  let known = 0;
  let others = 0;
  for (const field in values) {
    const isKnown = typeof values[field as keyof Values] === "number" && KNOWN_FIELDS.has(field);
    if (isKnown) known += 1;
    else others += 1;
  }
  if (known === 0) return null;
  const latest = {
    time,
    values: others === 0 ? (values as Readonly<Record<string, number>>) : onlyKnown(values),
  };
  if (flags === NO_FLAGS) return latest;
  const doubtful = FIELDS.filter((field) => isDoubtful(flags[field]));
  return doubtful.length === 0 ? latest : { ...latest, doubtful };
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
  digestOnly: readonly Transition[],
  seconds: number,
): AlertState["events"] {
  const [oldest] = events;
  const isRecent = ({ time }: Transition) => seconds - Date.parse(time) / 1000 <= EVENT_SECONDS;
  if (digestOnly.length === 0 && (oldest === undefined || isRecent(oldest))) return events;
  return [...events, ...digestOnly].filter(isRecent).slice(-MAX_EVENTS);
}
