import * as z from "zod/mini";
import { DURATION_PATTERN, durationSeconds } from "../observation/time.ts";
import { type Condition, conditionSchema, duration, levelsSchema, measureSchema } from "./condition.ts";

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

/** `constructor` is what every JavaScript object has already. */
export const HAZARD_PATTERN = /^(?!constructor$)[a-z][a-z0-9-]{0,23}$/;
const MIN_REPEAT_SECONDS = 600;

/** How the end of an alert is announced: by a message, or in the next digest. */
const ALL_CLEARS = ["message", "digest"] as const;
export type AllClear = (typeof ALL_CLEARS)[number];

/** One rule of config: a hazard and its condition, or `all` of several, at one location. */
interface RuleFrame {
  readonly hazard: string;
  /** Hysteresis: the alert ends when below `ratio` of the threshold for `after`. */
  readonly clear?: { readonly after: string; readonly ratio: number } | undefined;
  readonly for?: string | undefined;
  /** An ongoing alert is announced again after this time. Defaults to never. */
  readonly repeatEvery?: string | undefined;
  /** Default: `message`. Of several rules of a hazard, one that says so is enough for a message. */
  readonly allClear?: AllClear | undefined;
  /** Whose levels these are, e.g. "INMET": messages then say "observed: INMET level". */
  readonly scale?: string | undefined;
}
interface SingleRule extends RuleFrame, Condition {
  readonly all?: undefined;
}
interface CombinedRule extends RuleFrame {
  /** A level is crossed when all conditions cross it. All have the same levels. */
  readonly all: readonly Condition[];
  readonly measure?: undefined;
  readonly levels?: undefined;
  readonly below?: undefined;
}
export type Rule = SingleRule | CombinedRule;

const ONE_OR_ALL =
  "allowed is either `measure` with `levels`, or `all` with 2 to 5 conditions that have them";

export const ruleSchema = z.pipe(
  z.strictObject({
    hazard: z
      .string()
      .check(
        z.regex(HAZARD_PATTERN, "allowed are up to 24 lower-case letters, digits and dashes, a letter first"),
      ),
    measure: z.optional(measureSchema),
    levels: z.optional(levelsSchema),
    below: z.optional(z.boolean()),
    all: z.optional(
      z
        .array(conditionSchema)
        .check(
          z.minLength(2, "allowed are 2 to 5 conditions"),
          z.maxLength(5, "allowed are 2 to 5 conditions"),
        ),
    ),
    clear: z.optional(
      z.strictObject({
        after: duration,
        ratio: z.number().check(z.gt(0, "0 < ratio"), z.lte(1, "ratio <= 1")),
      }),
    ),
    for: z.optional(duration),
    repeatEvery: z.optional(
      duration.check(
        z.refine(isRepeat, "`repeatEvery` is allowed from 10m on: each one is a message to everybody"),
      ),
    ),
    allClear: z.optional(z.enum(ALL_CLEARS, "allowed are message and digest")),
    scale: z.optional(z.string().check(z.minLength(1), z.maxLength(12))),
  }),
  z.transform((rule, context): Rule => {
    const { measure, levels, below, all, ...frame } = rule;
    if (all === undefined && measure !== undefined && levels !== undefined) {
      return { ...frame, measure, levels, ...(below !== undefined && { below }) };
    }
    if (all !== undefined && measure === undefined && levels === undefined && below === undefined) {
      return { ...frame, all };
    }
    context.issues.push({ code: "custom", message: ONE_OR_ALL, input: rule });
    return z.NEVER;
  }),
);

function isRepeat(text: string): boolean {
  return !DURATION_PATTERN.test(text) || durationSeconds(text) >= MIN_REPEAT_SECONDS;
}

/** The conditions of a rule, one or several. */
export function conditionsOf(rule: Rule): readonly Condition[] {
  return rule.all ?? [rule];
}
