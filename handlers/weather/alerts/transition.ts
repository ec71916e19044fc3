import * as z from "zod/mini";
import { MEASURED_FIELDS, type MeasuredField } from "../observation/derived.ts";
import { SPEED_UNITS } from "../observation/units.ts";
import { AGGREGATES } from "../rules/condition.ts";
import { LEVELS } from "../rules/rules.ts";

/** What a transition announces: the start, an escalation, a reminder (`repeatEvery`) or the all-clear. */
export const TRANSITION_KINDS = ["start", "escalation", "repeat", "clear"] as const;

/** Reference to an earlier transition of the same alert. */
export const earlierSchema = z.object({ id: z.string(), time: z.string() });

const measureOf = z.object({
  metric: z.enum(MEASURED_FIELDS as [MeasuredField, ...MeasuredField[]]),
  over: z.optional(z.string()),
  as: z.optional(z.enum(AGGREGATES)),
  unit: z.optional(z.enum(SPEED_UNITS)),
});

/** A change of an alert that is announced, in the form that webhooks receive. */
export const transitionSchema = z.object({
  /** Deterministic: the same observations give the same id, run after run. */
  id: z.string(),
  /** Observation time, ISO 8601 UTC. */
  time: z.string(),
  location: z.string(),
  hazard: z.string(),
  /** The level entered. For an all-clear, the highest level that was announced since the start. */
  level: z.enum(LEVELS),
  kind: z.enum(TRANSITION_KINDS),
  /** In the measure's unit. */
  value: z.number(),
  /** In the measure's unit. For an all-clear, the threshold that was left last. */
  threshold: z.number(),
  measure: measureOf,
  below: z.boolean(),
  /**
   * All conditions of a combined rule. The first one is also `measure`, `value`, `threshold` and `below`.
   * For an all-clear, the known ones, beginning with those that ended the alert.
   */
  conditions: z.optional(
    z.array(z.object({ measure: measureOf, below: z.boolean(), value: z.number(), threshold: z.number() })),
  ),
  /** Whether it is based on a doubtful value that is not confirmed. */
  unconfirmed: z.optional(z.literal(true)),
  scale: z.optional(z.string()),
  /** When the alert started. */
  since: z.string(),
  /** When the current level was reached, if later than the start. Absent from an all-clear. */
  levelSince: z.optional(z.string()),
  /** Whether an escalation returns to a level that was announced before. */
  again: z.optional(z.literal(true)),
  /**
   * Earlier transitions of this alert, oldest first. Updates and cancellations in CAP refer to them.
   */
  earlier: z.optional(z.array(earlierSchema)),
});
/** A change of an alert that is announced. */
export type Transition = z.infer<typeof transitionSchema>;
