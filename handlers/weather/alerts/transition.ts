import * as z from "zod/mini";
import { MEASURED_FIELDS, type MeasuredField } from "../observation/derived.ts";
import { SPEED_UNITS } from "../observation/units.ts";
import { AGGREGATES } from "../rules/condition.ts";
import { LEVELS } from "../rules/rules.ts";

/** What is told: a start, a rise, a reminder that it goes on (`repeatEvery`), the all-clear. */
export const TRANSITION_KINDS = ["start", "escalation", "repeat", "clear"] as const;

/** What was told of an alert, or left to the digest, as a reference. */
export const earlierSchema = z.object({ id: z.string(), time: z.string() });

const measureOf = z.object({
  metric: z.enum(MEASURED_FIELDS as [MeasuredField, ...MeasuredField[]]),
  over: z.optional(z.string()),
  as: z.optional(z.enum(AGGREGATES)),
  unit: z.optional(z.enum(SPEED_UNITS)),
});

/** A change of a place's hazard that people are told about, as subscribers that are programs get it. */
export const transitionSchema = z.object({
  /** Deterministic: the same observations give the same id, run after run. */
  id: z.string(),
  /** Observation time, ISO 8601 UTC. */
  time: z.string(),
  location: z.string(),
  hazard: z.string(),
  /** The level entered; of an all-clear, the highest that was told since the start. */
  level: z.enum(LEVELS),
  kind: z.enum(TRANSITION_KINDS),
  /** In the measure's unit. */
  value: z.number(),
  /** In the measure's unit; of an all-clear, the last threshold that was left. */
  threshold: z.number(),
  measure: measureOf,
  below: z.boolean(),
  /**
   * Of a rule that combines conditions: all of them; the first is also `measure`, `value`, `threshold` and `below`.
   * Of an all-clear, those that are known, and first those that ended it.
   */
  conditions: z.optional(
    z.array(z.object({ measure: measureOf, below: z.boolean(), value: z.number(), threshold: z.number() })),
  ),
  /** Whether it rests on a doubtful value, which no other value confirms. */
  unconfirmed: z.optional(z.literal(true)),
  scale: z.optional(z.string()),
  /** When the alert started. */
  since: z.string(),
  /** When its present level was reached, where that is not when the alert started; not of an all-clear. */
  levelSince: z.optional(z.string()),
  /** Whether an escalation returns to a level that this alert was announced at before. */
  again: z.optional(z.literal(true)),
  /**
   * What was told of this alert before, or left to the digest, oldest first: what an update or cancellation in CAP
   * refers to.
   */
  earlier: z.optional(z.array(earlierSchema)),
});
/** A change of a place's hazard that people are told about. */
export type Transition = z.infer<typeof transitionSchema>;
