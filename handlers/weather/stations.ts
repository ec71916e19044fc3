import * as z from "zod/mini";
import { formatUtc } from "./time.ts";

const instant = z.string();

/** What a watch remembers of one station; nothing while it reports. Times are ISO 8601 UTC. */
const stationState = z.object({
  /** The first watch that knew of no observation of it at all. */
  firstWatched: z.optional(instant),
  /** Set while it is silent: its last observation, or the first watch when there has been none. */
  silentSince: z.optional(instant),
});
type StationState = z.infer<typeof stationState>;

const notice = z.object({
  kind: z.enum(["silent", "back"]),
  location: z.string(),
  /** The watch that found it out. */
  time: instant,
  /** Its last observation before the silence; absent: there was none. */
  lastSeen: z.optional(instant),
  /** Polls that brought no observation of it, at least. */
  polls: z.number(),
});
/** What ops are told. */
export type StationNotice = z.infer<typeof notice>;

/** What is stored between two watches; raise `version` when the meaning changes. */
export const stationsStateSchema = z.object({
  version: z.literal(1),
  /** By location id: those that are not simply reporting. */
  stations: z.record(z.string(), stationState),
  /** Decided but not yet told. */
  pending: z.array(notice),
});
export type StationsState = z.infer<typeof stationsStateSchema>;

export const INITIAL_STATIONS: StationsState = { version: 1, stations: {}, pending: [] };

/** By location id, the time of the last observation with any figure; null: none so far; undefined: not known. */
export type LastSeen = ReadonlyMap<string, string | null | undefined>;

export interface SilenceRule {
  /** A station is silent when its last observation is older. */
  readonly silentAfterSeconds: number;
  /** From poll to poll. */
  readonly pollSeconds: number;
}

/**
 * Which stations have fallen silent or are back at a time, told once each. Pure; the very same state when nothing
 * changed: so a second watch of the same time does nothing, and a late one calls nobody silent. A station that was never
 * seen is silent when its time has passed since the first watch. A silent one is back with a newer observation that is
 * not too old in its turn. What is not known leaves a station as it is; one that `lastSeen` lacks is forgotten.
 */
export function watchStations(
  state: StationsState,
  lastSeen: LastSeen,
  time: Date,
  rule: SilenceRule,
): StationsState {
  const stations: Record<string, StationState> = {};
  const pending = [...state.pending];
  for (const [location, seen] of lastSeen) {
    const before = state.stations[location];
    const { station, told } =
      seen === undefined ? { station: before } : watchStation(before ?? {}, seen, time, rule);
    if (station !== undefined) stations[location] = station;
    if (told !== undefined) pending.push({ ...told, location, time: formatUtc(time) });
  }
  const next: StationsState = { ...state, stations, pending };
  return JSON.stringify(next) === JSON.stringify(state) ? state : next;
}

interface StationStep {
  readonly station?: StationState | undefined;
  readonly told?: Pick<StationNotice, "kind" | "lastSeen" | "polls">;
}

function watchStation(
  before: StationState,
  seen: string | null,
  time: Date,
  { silentAfterSeconds, pollSeconds }: SilenceRule,
): StationStep {
  const isOld = (instant: string) => secondsBetween(instant, time) > silentAfterSeconds;
  const notice = (kind: StationNotice["kind"], since: string, wasSeen: boolean, until: Date) => ({
    kind,
    ...(wasSeen && { lastSeen: since }),
    polls: pollsBetween(since, until, pollSeconds),
  });

  const { firstWatched, silentSince } = before;
  if (silentSince !== undefined) {
    const wasSeen = firstWatched === undefined;
    const isBack =
      seen !== null && !isOld(seen) && !(wasSeen && secondsBetween(silentSince, new Date(seen)) <= 0);
    return isBack ? { told: notice("back", silentSince, wasSeen, new Date(seen)) } : { station: before };
  }
  const since = seen ?? firstWatched ?? formatUtc(time);
  const station: StationState = seen === null ? { firstWatched: since } : {};
  if (isOld(since)) {
    return {
      station: { ...station, silentSince: since },
      told: notice("silent", since, seen !== null, time),
    };
  }
  return seen === null ? { station } : {};
}

/** The poll at `until` is not among them. One at least: a belated observation may close most of a gap. */
function pollsBetween(since: string, until: Date, pollSeconds: number): number {
  return Math.max(1, Math.ceil(secondsBetween(since, until) / pollSeconds) - 1);
}

function secondsBetween(instant: string, later: Date): number {
  return (later.getTime() - Date.parse(instant)) / 1000;
}
