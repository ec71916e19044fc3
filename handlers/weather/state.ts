import * as z from "zod/mini";
import { MEASURED_FIELDS, type MeasuredField } from "./derived.ts";
import { LANGUAGE_TAGS } from "./messages/language.ts";
import { LEVELS } from "./rules.ts";

/** A value that held from `startSeconds` (exclusive) to `endSeconds` (inclusive), both since the epoch. */
export type Segment = readonly [startSeconds: number, endSeconds: number, value: number];

const segment = z.tuple([z.number(), z.number(), z.number()]);
const seconds = z.nullable(z.number());
const rank = z.literal([1, 2, 3]);

/** One level of one rule. Times count only what was observed; null: not in such a run. */
const levelState = z.object({ active: z.boolean(), crossedSeconds: seconds, clearSeconds: seconds });
export type LevelState = z.infer<typeof levelState>;

/** What is told: a start, a rise, a reminder that it goes on (`repeatEvery`), the all-clear. */
export const TRANSITION_KINDS = ["start", "escalation", "repeat", "clear"] as const;

const hazardState = z.object({
  rank,
  /** Highest rank since the start: the all-clear must reach everybody whom the alert reached. */
  peak: rank,
  since: z.string(),
});
export type HazardState = z.infer<typeof hazardState>;

const measureOf = z.object({
  metric: z.enum(MEASURED_FIELDS as [MeasuredField, ...MeasuredField[]]),
  over: z.optional(z.string()),
  as: z.optional(z.enum(["sum", "max", "min", "mean"])),
  unit: z.optional(z.enum(["km/h", "mph"])),
});

/** A change of a place's hazard that people are told about, as subscribers that are programs get it. */
export const transitionSchema = z.object({
  /** Deterministic: the same observations give the same id, run after run. */
  id: z.string(),
  /** Observation time, ISO 8601 UTC. */
  time: z.string(),
  location: z.string(),
  hazard: z.string(),
  /** The level entered; of an all-clear, the highest since the start. */
  level: z.enum(LEVELS),
  kind: z.enum(TRANSITION_KINDS),
  /** In the measure's unit. */
  value: z.number(),
  /** In the measure's unit; of an all-clear, the last threshold that was left. */
  threshold: z.number(),
  measure: measureOf,
  below: z.boolean(),
  /** Of a rule that combines conditions: all of them; the first is also `measure`, `value`, `threshold` and `below`. */
  conditions: z.optional(
    z.array(z.object({ measure: measureOf, below: z.boolean(), value: z.number(), threshold: z.number() })),
  ),
  scale: z.optional(z.string()),
  /** When the alert started. */
  since: z.string(),
  /** What was told of this alert before, oldest first: what an update or cancellation in CAP refers to. */
  earlier: z.optional(z.array(z.object({ id: z.string(), time: z.string() }))),
});
/** A change of a place's hazard that people are told about. */
export type Transition = z.infer<typeof transitionSchema>;

/** A clock hour in UTC: mm of the hour for an intensity, else its highest value, or its lowest where every rule asks below. */
const hour = z.tuple([z.number(), z.number()]);
export type Hour = z.infer<typeof hour>;

/** What is stored of one location between batches; raise `version` when the meaning changes. */
export const alertStateSchema = z.object({
  version: z.literal(1),
  /** Time of the last observation, in seconds since the epoch. */
  lastSeconds: z.nullable(z.number()),
  /** By metric: what was observed within the longest window that a rule asks for, oldest first. */
  windows: z.record(z.string(), z.array(segment)),
  /** By metric that a rule measures: up to 25 clock hours, oldest first, for the digest. */
  history: z._default(z.record(z.string(), z.array(hour)), {}),
  /** By rule key, then level. */
  rules: z.record(z.string(), z.record(z.string(), levelState)),
  /** By hazard; absent when there is no alert. */
  hazards: z.record(z.string(), hazardState),
  /** Figures of the last observation that had any, for the digest. */
  latest: z.nullable(z.object({ time: z.string(), values: z.record(z.string(), z.nullable(z.number())) })),
  /** Left to the digest instead of being told, of the last 48 h. */
  events: z._default(z.array(transitionSchema), []),
  /** Decided, with the languages it is still to be published in. */
  pending: z.array(z.object({ transition: transitionSchema, languages: z.array(z.enum(LANGUAGE_TAGS)) })),
});
export type AlertState = z.infer<typeof alertStateSchema>;

export const INITIAL_STATE: AlertState = {
  version: 1,
  lastSeconds: null,
  windows: {},
  history: {},
  rules: {},
  hazards: {},
  latest: null,
  events: [],
  pending: [],
};
