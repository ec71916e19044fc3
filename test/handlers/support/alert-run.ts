import { evaluate, type Observation } from "../../../handlers/weather/alerts/evaluate.ts";
import { type AlertState, INITIAL_STATE } from "../../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../../handlers/weather/alerts/transition.ts";
import type { Values } from "../../../handlers/weather/observation/fields.ts";
import type { CompiledPlan } from "../../../handlers/weather/rules/plan.ts";
import type { Rule } from "../../../handlers/weather/rules/rules.ts";

/** Midnight, UTC. */
export const START = Date.parse("2024-04-30T00:00:00Z");

/** An observation some hours after {@link START}. */
export function at(hours: number, values: Values): Observation {
  return { location: "porto-alegre", time: new Date(START + hours * 3_600_000), values };
}

/** Gusts in m/s of each hour from `from` on. */
export const gusts = (values: readonly (number | null)[], from = 0): Observation[] =>
  values.map((windGust, index) => at(from + index, { windGust }));

export interface Run {
  readonly state: AlertState;
  readonly announced: readonly Transition[];
}

/** Evaluates observations one after another. */
export function runPlan(
  observations: readonly Observation[],
  plan: CompiledPlan,
  from: AlertState = INITIAL_STATE,
): Run {
  const announced: Transition[] = [];
  let state = from;
  for (const observation of observations) {
    const evaluation = evaluate(state, observation, plan);
    state = evaluation.state;
    announced.push(...evaluation.announced);
  }
  return { state, announced };
}

/** "3 start orange": hours since {@link START}, kind and level. */
export const inShort = ({ time, kind, level }: Transition): string =>
  `${(Date.parse(time) - START) / 3_600_000} ${kind} ${level}`;

/** What is told, in short. */
export function announcedBy(plan: CompiledPlan, observations: readonly Observation[]): string[] {
  return runPlan(observations, plan).announced.map(inShort);
}

/** Gusts in m/s. An alert ends after two hours below 90 %. */
export const GUST_RULE = {
  hazard: "wind",
  measure: { metric: "windGust" },
  levels: { yellow: 10, orange: 20, red: 30 },
  clear: { after: "2h", ratio: 0.9 },
} as const satisfies Rule;
