import * as z from "zod/mini";
import { LANGUAGE_TAGS, type Language } from "../messages/tags.ts";
import type { Hour } from "../observation/history.ts";
import type { RecentValues } from "../observation/quality/series.ts";
import { restoreSeries, storedSeriesSchema, storeSeries } from "../observation/stored-series.ts";
import type { Series } from "../observation/window.ts";
import { MAX_WINDOW_SECONDS } from "../rules/condition.ts";
import { LEVELS } from "../rules/rules.ts";
import { type Publication, publicationSchema, publishedSchema } from "./publication.ts";
import { earlierSchema, type Transition, transitionSchema } from "./transition.ts";

const seconds = z.nullable(z.number());
const rank = z.literal([0, 1, 2, 3]);

/** One level of one rule. Times count only what was observed; null: not in such a run. */
const levelState = z.object({
  active: z.boolean(),
  crossedSeconds: seconds,
  clearSeconds: seconds,
  /** Not known to be active; but something was not known, and it was not clear for long enough since. */
  unsure: z.optional(z.literal(true)),
});
export type LevelState = Readonly<z.infer<typeof levelState>>;

/** An alert of one hazard: what is, and what people were told, which holds and silences can keep apart. */
const hazardState = z.object({
  /** What is; 0 while its all-clear is still to be told. */
  rank,
  /** Highest rank since the start. */
  peak: rank,
  /** ISO 8601 UTC. */
  since: z.string(),
  /** Since when it has been at a level or above, of those up to `rank`; absent in states of before. */
  reached: z.optional(z.partialRecord(z.enum(LEVELS), z.string())),
  /** What people believe; 0: they were told nothing. It falls with `rank`, in silence. */
  announcedRank: rank,
  /** Highest told since the start: the all-clear must reach everybody whom the alert reached. */
  announcedPeak: rank,
  /** When they were last told, in seconds since the epoch. */
  announcedSeconds: seconds,
  /** What they were told and what was left to the digest, oldest first, the last 20. */
  earlier: z.array(earlierSchema),
  /** Its yellow start is among the `events`. */
  inDigest: z.optional(z.literal(true)),
  /** Its CAP messages; absent: there is none, or none that says when it was published. */
  published: z.optional(publishedSchema),
});
export type HazardState = Readonly<z.infer<typeof hazardState>>;

/** Levels of a rule, yellow, orange and red; null: idle, or the rule does not have it. */
export type RuleState = readonly (LevelState | null)[];

/** A decision that has not had all its effects. */
export interface Pending {
  readonly transition: Transition;
  /** Those it is still to be published in. */
  readonly languages: readonly Language[];
  /** Of the poll that decided it. */
  readonly pollId?: string | undefined;
  /** Its CAP message; absent in decisions of earlier versions. */
  readonly cap?: Publication | undefined;
}

const unwatchedSpan = z.object({
  /** The last good value before; null: there was none. In seconds since the epoch. */
  since: seconds,
  /** The last reading without a good value, in seconds since the epoch; absent: that is the last reading. */
  until: z.optional(z.number()),
});
export type UnwatchedSpan = Readonly<z.infer<typeof unwatchedSpan>>;

/** What is known of one location between batches. */
export interface AlertState {
  /** Raised when the meaning changes. */
  readonly version: 2;
  /** Time of the last observation, in seconds since the epoch. */
  readonly lastSeconds: number | null;
  /** By metric: what was observed within the longest window that a rule asks for. */
  readonly windows: Readonly<Record<string, Series>>;
  /** By metric that a rule measures: up to 25 clock hours, oldest first, for the digest. */
  readonly history: Readonly<Record<string, readonly Hour[]>>;
  /** By rule key; absent: idle. */
  readonly rules: Readonly<Record<string, RuleState>>;
  /** By hazard; absent when there is no alert. */
  readonly hazards: Readonly<Record<string, HazardState>>;
  /** Figures of the last observation that had any, for the digest. */
  readonly latest: {
    readonly time: string;
    readonly values: Readonly<Record<string, number | null>>;
    /** Measures whose value is doubtful. */
    readonly doubtful?: readonly string[] | undefined;
  } | null;
  /** What the checks over time remember. */
  readonly recent: RecentValues;
  /** By metric that a rule measures, when a value of it was doubtful last, in seconds since the epoch. */
  readonly doubted: Readonly<Record<string, number>>;
  /** By metric that rules measure: the last time that it had no good value. */
  readonly unwatched: Readonly<Record<string, UnwatchedSpan>>;
  /** Left to the digest instead of being told, oldest first: the last 20 of 48 h. */
  readonly events: readonly Transition[];
  /** Decided, in order. Whoever publishes fills and empties it. */
  readonly pending: readonly Pending[];
}

export const INITIAL_STATE: AlertState = {
  version: 2,
  lastSeconds: null,
  windows: {},
  history: {},
  rules: {},
  hazards: {},
  latest: null,
  recent: {},
  doubted: {},
  unwatched: {},
  events: [],
  pending: [],
};

const storedSchema = z.object({
  version: z.literal(2),
  lastSeconds: z.nullable(z.int()),
  windows: z.record(z.string(), storedSeriesSchema),
  history: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
  rules: z.record(z.string(), z.array(z.nullable(levelState)).check(z.length(LEVELS.length))),
  hazards: z.record(z.string(), hazardState),
  latest: z.nullable(
    z.object({
      time: z.string(),
      values: z.record(z.string(), z.nullable(z.number())),
      doubtful: z.optional(z.array(z.string())),
    }),
  ),
  recent: z._default(z.record(z.string(), z.tuple([z.number(), z.number(), z.number(), z.number()])), {}),
  doubted: z._default(z.record(z.string(), z.number()), {}),
  unwatched: z._default(z.record(z.string(), unwatchedSpan), {}),
  events: z.array(transitionSchema),
  pending: z.array(
    z.object({
      transition: transitionSchema,
      languages: z.array(z.enum(LANGUAGE_TAGS)),
      pollId: z.optional(z.string()),
      cap: z.optional(publicationSchema),
    }),
  ),
});

/**
 * A state's JSON, for {@link parseState}. The same state gives the same text, and a state that came back goes on as
 * the one that was stored.
 */
export function serializeState(state: AlertState): string {
  const windows = Object.entries(state.windows).flatMap(([metric, series]) => {
    const stored = storeSeries(series);
    return stored === undefined ? [] : [[metric, stored]];
  });
  return JSON.stringify({ ...state, windows: Object.fromEntries(windows) });
}

/** Reads a state's JSON. Throws what zod and JSON throw, and `StoredSeriesError`. */
export function parseState(json: string): AlertState {
  const stored = storedSchema.parse(JSON.parse(json));
  const from = (stored.lastSeconds ?? 0) - MAX_WINDOW_SECONDS;
  const windows = Object.entries(stored.windows).map(([metric, series]) => [
    metric,
    restoreSeries(series, from),
  ]);
  return { ...stored, windows: Object.fromEntries(windows) };
}
