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

/** State of one level of a rule. Durations count observed time only; null means that there is no such run. */
const levelState = z.object({
  active: z.boolean(),
  crossedSeconds: seconds,
  clearSeconds: seconds,
  /** Set after unknown values, until the level has been clear for long enough to exclude an alert. */
  unsure: z.optional(z.literal(true)),
});
export type LevelState = Readonly<z.infer<typeof levelState>>;

/** The alert of one hazard: its current level and the announced one. They differ while the alert is muted. */
const hazardState = z.object({
  /** Current level; 0 while the all-clear is muted or waits for a known value. */
  rank,
  /** Highest rank since the start. */
  peak: rank,
  /** ISO 8601 UTC. */
  since: z.string(),
  /** When each level up to `rank` was reached. */
  reached: z.partialRecord(z.enum(LEVELS), z.string()),
  /** The level that subscribers were notified of last; 0 before the first message. Downgrades lower it without a message. */
  announcedRank: rank,
  /** Highest announced level since the start. The all-clear goes to all who were notified of it. */
  announcedPeak: rank,
  /** Time of the last announcement, in seconds since the epoch. */
  announcedSeconds: seconds,
  /** The last 20 transitions of the alert, oldest first. */
  earlier: z.array(earlierSchema),
  /** Whether the digest-only yellow start is among the `events`. */
  inDigest: z.optional(z.literal(true)),
  /** Its CAP messages. Absent before the first one. */
  published: z.optional(publishedSchema),
});
export type HazardState = Readonly<z.infer<typeof hazardState>>;

/** Levels of a rule: yellow, orange and red. Null if idle, or if the rule has no such level. */
export type RuleState = readonly (LevelState | null)[];

/** A transition whose effects are not complete. */
export interface Pending {
  readonly transition: Transition;
  /** Languages in which it must still be published. */
  readonly languages: readonly Language[];
  /** Id of the poll that caused it. */
  readonly pollId?: string | undefined;
  /** Its CAP message. */
  readonly cap: Publication;
}

const unwatchedSpan = z.object({
  /** Time of the last good value before, in seconds since the epoch; null if there was none. */
  since: seconds,
  /** Last reading without a good value, in seconds since the epoch. Absent while values are missing. */
  until: z.optional(z.number()),
});
export type UnwatchedSpan = Readonly<z.infer<typeof unwatchedSpan>>;

/** State of one location, stored between batches. */
export interface AlertState {
  /** Raise it when the meaning of a field changes. */
  readonly version: 1;
  /** Time of the last observation, in seconds since the epoch. */
  readonly lastSeconds: number | null;
  /** Observed values by metric, within the longest window of the rules. */
  readonly windows: Readonly<Record<string, Series>>;
  /** Up to 25 clock hours by metric, oldest first, for digests and e-mails. */
  readonly history: Readonly<Record<string, readonly Hour[]>>;
  /** States by rule key. Idle rules are absent. */
  readonly rules: Readonly<Record<string, RuleState>>;
  /** Alerts by hazard. */
  readonly hazards: Readonly<Record<string, HazardState>>;
  /** Values of the last observation that had any, for the digest. */
  readonly latest: {
    readonly time: string;
    readonly values: Readonly<Record<string, number | null>>;
    /** Fields with a doubtful value. */
    readonly doubtful?: readonly string[] | undefined;
  } | null;
  /** Previous values for the quality checks over time. */
  readonly recent: RecentValues;
  /** Time of the last doubtful value by metric, in seconds since the epoch. */
  readonly doubted: Readonly<Record<string, number>>;
  /** The current or last span without a good value, by metric. */
  readonly unwatched: Readonly<Record<string, UnwatchedSpan>>;
  /** Digest-only transitions of the last 48 h, oldest first, at most 20. */
  readonly events: readonly Transition[];
  /** Transitions to publish, in order. */
  readonly pending: readonly Pending[];
}

export const INITIAL_STATE: AlertState = {
  version: 1,
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
  version: z.literal(1),
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
  recent: z.record(z.string(), z.tuple([z.number(), z.number(), z.number(), z.number()])),
  doubted: z.record(z.string(), z.number()),
  unwatched: z.record(z.string(), unwatchedSpan),
  events: z.array(transitionSchema),
  pending: z.array(
    z.object({
      transition: transitionSchema,
      languages: z.array(z.enum(LANGUAGE_TAGS)),
      pollId: z.optional(z.string()),
      cap: publicationSchema,
    }),
  ),
});

/**
 * Serializes a state for {@link parseState}. Equal states give equal texts, and a restored state evaluates like the
 * original.
 */
export function serializeState(state: AlertState): string {
  const windows = Object.entries(state.windows).flatMap(([metric, series]) => {
    const stored = storeSeries(series);
    return stored === undefined ? [] : [[metric, stored]];
  });
  return JSON.stringify({ ...state, windows: Object.fromEntries(windows) });
}

/** Parses a stored state. Throws the errors of zod and JSON, and `StoredSeriesError`. */
export function parseState(json: string): AlertState {
  const stored = storedSchema.parse(JSON.parse(json));
  const from = (stored.lastSeconds ?? 0) - MAX_WINDOW_SECONDS;
  const windows = Object.entries(stored.windows).map(([metric, series]) => [
    metric,
    restoreSeries(series, from),
  ]);
  return { ...stored, windows: Object.fromEntries(windows) };
}
