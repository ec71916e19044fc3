import { parseISO } from "date-fns/parseISO";
import { deriveValues, type MeasuredValues } from "./derived.ts";
import { FIELDS, type Values } from "./fields.ts";
import { advanceLevel, IDLE_LEVEL, judge } from "./hysteresis.ts";
import { appendSegment, longestWindows, type Measurement, observedSeconds, takeMeasure } from "./measure.ts";
import type { WeatherRecord } from "./record.ts";
import type { CompiledRule } from "./rules.ts";
import type { AlertState, LevelState, Transition } from "./state.ts";
import { formatUtc } from "./time.ts";
import { advanceHazards, type RuleOutcome } from "./transitions.ts";

export interface Observation {
  readonly location: string;
  readonly time: Date;
  readonly values: Values;
}

/** The observation in a valid record. */
export function toObservation(record: WeatherRecord): Observation {
  return { location: record.location.id, time: parseISO(record.data.time), values: record.data.values };
}

export interface Evaluation {
  /** The very same object when the observation changed nothing. */
  readonly state: AlertState;
  readonly transitions: readonly Transition[];
}

/**
 * Takes one observation of a location into its state and says which alerts begin, rise or end.
 * Pure. An observation that is not newer than the last one changes nothing, so duplicates and late ones are harmless.
 */
export function evaluate(
  state: AlertState,
  observation: Observation,
  rules: readonly CompiledRule[],
): Evaluation {
  const nowSeconds = observation.time.getTime() / 1000;
  if (state.lastSeconds !== null && nowSeconds <= state.lastSeconds) return { state, transitions: [] };

  const values = deriveValues(observation.values);
  const windows = advanceWindows(state, nowSeconds, values, rules);
  const outcomes = rules.map((rule) => {
    const measurement = takeMeasure(rule, values, windows[rule.measure.metric] ?? [], nowSeconds);
    return advanceRule(rule, measurement, state, observedSeconds(state.lastSeconds, nowSeconds));
  });
  const { hazards, transitions } = advanceHazards(state.hazards, outcomes, observation);
  return {
    state: {
      ...state,
      lastSeconds: nowSeconds,
      windows,
      rules: Object.fromEntries(outcomes.map(({ rule, levels }) => [rule.key, levels])),
      hazards,
      latest: latestFigures(observation) ?? state.latest,
    },
    transitions,
  };
}

function advanceWindows(
  state: AlertState,
  seconds: number,
  values: MeasuredValues,
  rules: readonly CompiledRule[],
): AlertState["windows"] {
  const observed = observedSeconds(state.lastSeconds, seconds);
  const advanced: AlertState["windows"] = {};
  for (const [metric, windowSeconds] of longestWindows(rules)) {
    const observation = { seconds, observedSeconds: observed, value: values[metric] ?? null };
    const segments = appendSegment(state.windows[metric] ?? [], observation, windowSeconds);
    advanced[metric] = segments.map(([start, end, value]) => [start, end, value]);
  }
  return advanced;
}

function advanceRule(
  rule: CompiledRule,
  measurement: Measurement,
  state: AlertState,
  seconds: number,
): RuleOutcome {
  const before = state.rules[rule.key] ?? {};
  const levels: Record<string, LevelState> = {};
  for (const level of rule.levels) {
    const verdict = judge(rule, level, measurement);
    levels[level.level] = advanceLevel(before[level.level] ?? IDLE_LEVEL, verdict, rule, seconds);
  }
  return { rule, measurement, before, levels };
}

function latestFigures({ time, values }: Observation): AlertState["latest"] {
  const known = FIELDS.filter((field) => typeof values[field] === "number");
  if (known.length === 0) return null;
  return {
    time: formatUtc(time),
    values: Object.fromEntries(known.map((field) => [field, values[field] ?? null])),
  };
}
