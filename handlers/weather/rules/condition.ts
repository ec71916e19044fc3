import * as z from "zod/mini";
import { MEASURED_FIELDS, MEASURED_UNITS, type MeasuredField } from "../observation/derived.ts";
import { DURATION_PATTERN, durationSeconds } from "../observation/time.ts";
import { SPEED_UNITS } from "../observation/units.ts";

/** Shorter windows say no more than the observation itself, longer ones no warning service asks for. */
const MIN_WINDOW_SECONDS = 600;
export const MAX_WINDOW_SECONDS = 72 * 3600;

export const AGGREGATES = ["sum", "max", "min", "mean"] as const;

export const duration = z
  .string()
  .check(z.regex(DURATION_PATTERN, 'allowed is a duration such as "10m", "3h" or "24h"'));

const threshold = z.optional(z.number("allowed is a number"));

export const measureSchema = z
  .strictObject({
    metric: z.enum(
      MEASURED_FIELDS as [MeasuredField, ...MeasuredField[]],
      `allowed is one of ${MEASURED_FIELDS.join(", ")}`,
    ),
    over: z.optional(duration),
    as: z.optional(z.enum(AGGREGATES, "allowed are sum, max, min and mean")),
    unit: z.optional(z.enum(SPEED_UNITS, "allowed are km/h and mph")),
  })
  .check(
    z.refine((measure) => (measure.over === undefined) === (measure.as === undefined), {
      error: "`over` and `as` go together: a window needs a way to sum it up",
    }),
    z.refine((measure) => measure.as !== "sum" || MEASURED_UNITS[measure.metric] === "mm/h", {
      error: "`as: sum` integrates an intensity: allowed for metrics in mm/h",
    }),
    z.refine((measure) => measure.unit === undefined || MEASURED_UNITS[measure.metric] === "m/s", {
      error: "`unit` converts a speed: allowed for windSpeed and windGust",
    }),
    z.refine((measure) => measure.over === undefined || isWindow(measure.over), {
      error: "`over` is allowed from 10m to 72h",
    }),
  );
export type Measure = z.output<typeof measureSchema>;

function isWindow(over: string): boolean {
  if (!DURATION_PATTERN.test(over)) return true; // Said already by the pattern.
  const seconds = durationSeconds(over);
  return seconds >= MIN_WINDOW_SECONDS && seconds <= MAX_WINDOW_SECONDS;
}

export const levelsSchema = z
  .strictObject({ yellow: threshold, orange: threshold, red: threshold })
  .check(
    z.refine((levels) => Object.values(levels).some((value) => value !== undefined), "at least one level"),
  );

/** What is measured, and the thresholds of its levels: reached at >=, or at < with `below`. */
export const conditionSchema = z.strictObject({
  measure: measureSchema,
  levels: levelsSchema,
  below: z.optional(z.boolean()),
});
export type Condition = z.output<typeof conditionSchema>;
