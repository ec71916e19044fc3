import * as z from "zod/mini";
import { MEASURED_FIELDS, MEASURED_UNITS, type MeasuredField } from "./derived.ts";
import { DURATION_PATTERN, durationSeconds } from "./time.ts";

/** Levels, mildest first. Their rank (yellow 1, orange 2, red 3) is what messages are filtered by. */
export const LEVELS = ["yellow", "orange", "red"] as const;
export type Level = (typeof LEVELS)[number];
/** 0 is no alert. */
export type Rank = 0 | 1 | 2 | 3;
export const LEVEL_RANKS: Readonly<Record<Level, Exclude<Rank, 0>>> = { yellow: 1, orange: 2, red: 3 };

const LEVEL_OF_RANK = { 1: "yellow", 2: "orange", 3: "red" } as const satisfies Record<
  Exclude<Rank, 0>,
  Level
>;

/** The level of a rank. */
export function levelOfRank(rank: Exclude<Rank, 0>): Level {
  return LEVEL_OF_RANK[rank];
}

const MAX_WINDOW_SECONDS = 7 * 86_400;
const HAZARD_PATTERN = /^[a-z][a-z0-9-]{0,23}$/;

const duration = z
  .string()
  .check(z.regex(DURATION_PATTERN, 'allowed is a duration such as "10m", "3h" or "24h"'));
const threshold = z.optional(z.number("allowed is a number"));

const measureSchema = z
  .strictObject({
    metric: z.enum(
      MEASURED_FIELDS as [MeasuredField, ...MeasuredField[]],
      "allowed is a field of Tomorrow.io's realtime weather, heatIndex, windChill or humidex",
    ),
    over: z.optional(duration),
    as: z.optional(z.enum(["sum", "max", "min", "mean"], "allowed are sum, max, min and mean")),
    unit: z.optional(z.enum(["km/h", "mph"], "allowed are km/h and mph")),
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
      error: "`over` is allowed from 1s to 7d: the state keeps the whole window",
    }),
  );

const condition = {
  measure: measureSchema,
  levels: z
    .strictObject({ yellow: threshold, orange: threshold, red: threshold })
    .check(
      z.refine((levels) => Object.values(levels).some((value) => value !== undefined), "at least one level"),
    ),
  below: z.optional(z.boolean()),
};

const conditionSchema = z.strictObject(condition);

const common = {
  hazard: z
    .string()
    .check(
      z.regex(HAZARD_PATTERN, "allowed are up to 24 lower-case letters, digits and dashes, a letter first"),
    ),
  clear: z.optional(
    z.strictObject({
      after: duration,
      ratio: z.number().check(z.gt(0, "0 < ratio"), z.lte(1, "ratio <= 1")),
    }),
  ),
  for: z.optional(duration),
  repeatEvery: z.optional(duration),
  /** Whose levels these are, e.g. "INMET": messages then say "observed: INMET level". */
  scale: z.optional(z.string().check(z.minLength(1), z.maxLength(12))),
};

/** One rule of config: a hazard, what is measured (one measure, or several that must hold at once), the thresholds. */
export const ruleSchema = z.union([
  z.strictObject({ ...common, ...condition }),
  z.strictObject({
    ...common,
    all: z
      .array(conditionSchema)
      .check(
        z.minLength(2, "allowed are 2 to 5 conditions"),
        z.maxLength(5, "allowed are 2 to 5 conditions"),
        z.refine(nameSameLevels, "allowed are conditions that all name the same levels"),
      ),
  }),
]);

export type Condition = z.infer<typeof conditionSchema>;
export type Rule = z.infer<typeof ruleSchema>;
export type Measure = Condition["measure"];

function nameSameLevels(conditions: readonly Pick<Condition, "levels">[]): boolean {
  const named = conditions.map(({ levels }) => LEVELS.filter((level) => levels[level] !== undefined).join());
  return new Set(named).size <= 1;
}

/** What a rule looks at: its one measure, or all that must hold at once. */
export function conditionsOf(rule: Rule): readonly Condition[] {
  return "all" in rule ? rule.all : [rule];
}

function isWindow(over: string): boolean {
  if (!DURATION_PATTERN.test(over)) return true; // Said already by the pattern.
  const seconds = durationSeconds(over);
  return seconds > 0 && seconds <= MAX_WINDOW_SECONDS;
}

/** Hysteresis of a rule that names none: below 90 % of the threshold for 3 h. */
const DEFAULT_CLEAR = { after: "3h", ratio: 0.9 };

export interface CompiledLevel {
  readonly level: Level;
  readonly threshold: number;
  /** The alert ends on the far side of this bound: the threshold moved away by (1 - ratio) of its size. */
  readonly clearBound: number;
}

/** A rule with its durations in seconds and its key in the stored state. */
export interface CompiledRule {
  readonly key: string;
  readonly hazard: string;
  readonly measure: Measure;
  /** Absent: the observation itself. */
  readonly window?: { readonly seconds: number; readonly as: NonNullable<Measure["as"]> };
  readonly levels: readonly CompiledLevel[];
  readonly below: boolean;
  readonly forSeconds: number;
  readonly clearAfterSeconds: number;
  readonly scale?: string;
}

/** Thrown when two rules watch the same hazard by the same measure, or levels of a rule are out of order. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

/** Rules as the evaluation wants them. Throws {@link RuleError}. */
export function compileRules(rules: readonly Rule[]): readonly CompiledRule[] {
  const compiled = rules.map(compileRule);
  const seen = new Set<string>();
  for (const { key } of compiled) {
    if (seen.has(key))
      throw new RuleError(`two rules are "${key}"; allowed is one rule for a hazard and measure`);
    seen.add(key);
  }
  return compiled;
}

function compileRule(rule: Rule): CompiledRule {
  const { hazard, clear = DEFAULT_CLEAR } = rule;
  const conditions = conditionsOf(rule);
  const key = [hazard, ...conditions.map(keyOf)].join(":");
  const compiled = conditions.map(({ measure, levels, below = false }) => {
    return { measure, below, levels: compileLevels(levels, below, clear.ratio) };
  });
  for (const { levels, below } of compiled) checkOrder(key, levels, below);
  const [first] = compiled;
  if (first === undefined) throw new RuleError(`rule "${key}" has no condition; allowed are 2 to 5`);
  const { measure, below, levels } = first;
  return {
    key,
    hazard,
    measure,
    ...(measure.over !== undefined &&
      measure.as !== undefined && { window: { seconds: durationSeconds(measure.over), as: measure.as } }),
    levels,
    below,
    forSeconds: durationSeconds(rule.for ?? "0m"),
    clearAfterSeconds: durationSeconds(clear.after),
    ...(rule.scale !== undefined && { scale: rule.scale }),
  };
}

function keyOf({ measure, below }: Condition): string {
  return [measure.metric, measure.as, measure.over, measure.unit, below ? "below" : undefined]
    .filter((part) => part !== undefined)
    .join(":");
}

function compileLevels(levels: Condition["levels"], below: boolean, ratio: number): CompiledLevel[] {
  return LEVELS.flatMap((level) => {
    const threshold = levels[level];
    if (threshold === undefined) return [];
    const margin = Math.abs(threshold) * (1 - ratio);
    return [{ level, threshold, clearBound: below ? threshold + margin : threshold - margin }];
  });
}

function checkOrder(key: string, levels: readonly CompiledLevel[], below: boolean): void {
  for (const [index, { level, threshold }] of levels.entries()) {
    const milder = levels[index - 1];
    if (milder === undefined || (below ? threshold < milder.threshold : threshold > milder.threshold))
      continue;
    throw new RuleError(
      `rule "${key}": ${level} ${threshold} must be ${below ? "below" : "above"} ${milder.level} ${milder.threshold}`,
    );
  }
}
