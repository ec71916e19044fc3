import * as z from "zod/mini";
import { MAX_WINDOW_SECONDS } from "./condition.ts";
import { LANGUAGE_TAGS } from "./messages/language.ts";
import { LEVELS } from "./rules.ts";
import type { AlertState, RuleState } from "./state.ts";
import { transitionSchema } from "./transition.ts";
import { type Stretch, seriesOf, toMillionths } from "./window.ts";

const rank = z.literal([1, 2, 3]);
const seconds = z.nullable(z.number());
const levelState = z.object({ active: z.boolean(), crossedSeconds: seconds, clearSeconds: seconds });

/** The state before there were holds: what was, was told. */
export const firstVersionSchema = z.object({
  version: z.literal(1),
  lastSeconds: z.nullable(z.number()),
  /** By metric: start, end and value. */
  windows: z.record(z.string(), z.array(z.tuple([z.number(), z.number(), z.number()]))),
  rules: z.record(z.string(), z.record(z.string(), levelState)),
  hazards: z.record(z.string(), z.object({ rank, peak: rank, since: z.string() })),
  latest: z.nullable(z.object({ time: z.string(), values: z.record(z.string(), z.nullable(z.number())) })),
  pending: z.array(transitionSchema),
});

/** Goes on with running alerts and windows. What is pending goes out in all languages: it does not say which are done. */
export function fromFirstVersion(first: z.infer<typeof firstVersionSchema>): AlertState {
  const lastSeconds = first.lastSeconds === null ? null : Math.floor(first.lastSeconds);
  const from = (lastSeconds ?? 0) - MAX_WINDOW_SECONDS;
  const hazards = Object.entries(first.hazards).map(([hazard, { rank: now, peak, since }]) => [
    hazard,
    { rank: now, peak, since, told: now, toldPeak: peak, toldSeconds: lastSeconds, earlier: [] },
  ]);
  const windows = Object.entries(first.windows).map(([metric, segments]) => [
    metric,
    seriesOf(segments.flatMap(toStretch), from),
  ]);
  return {
    version: 2,
    lastSeconds,
    windows: Object.fromEntries(windows),
    history: {},
    rules: Object.fromEntries(Object.entries(first.rules).map(([key, levels]) => [key, toRuleState(levels)])),
    hazards: Object.fromEntries(hazards),
    latest: first.latest,
    events: [],
    pending: first.pending.map((transition) => ({ transition, languages: LANGUAGE_TAGS })),
  };
}

function toRuleState(levels: Readonly<Record<string, z.infer<typeof levelState>>>): RuleState {
  return LEVELS.map((level) => {
    const state = levels[level];
    return state === undefined || (!state.active && state.crossedSeconds === null) ? null : state;
  });
}

function toStretch([start, end, value]: readonly [number, number, number]): Stretch[] {
  const millionths = toMillionths(value);
  return millionths === null ? [] : [{ start: Math.floor(start), end: Math.floor(end), value: millionths }];
}
