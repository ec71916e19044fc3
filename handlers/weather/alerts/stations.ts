import * as z from "zod/mini";
import { formatUtc } from "../observation/time.ts";

const instant = z.string();

/** State of a station or measure. Empty while it reports. Times are ISO 8601 UTC. */
const stationState = z.object({
  /** Time of the first check without any observation. */
  firstWatched: z.optional(instant),
  /** Set while it is silent: time of the last observation, or of the first check if there was none. */
  silentSince: z.optional(instant),
});
type StationState = z.infer<typeof stationState>;

const notice = z.object({
  kind: z.enum(["silent", "back"]),
  location: z.string(),
  /** Measure that has no good value, or has one again. Defaults to all that the station reports. */
  metric: z.optional(z.string()),
  /** Time of the check. */
  time: instant,
  /** Last observation before the silence. Absent if there was none. */
  lastSeen: z.optional(instant),
  /** Minimum number of polls without an observation. */
  polls: z.number(),
});
/** A notification of operations. */
export type StationNotice = z.infer<typeof notice>;

/** State between two checks. Raise `version` when the meaning of a field changes. */
export const stationsStateSchema = z.object({
  version: z.literal(1),
  /** Stations that do not report, by location id. */
  stations: z.record(z.string(), stationState),
  /** Measures without a good value, by location id and metric. */
  measures: z._default(z.record(z.string(), z.record(z.string(), stationState)), {}),
  /** Notices to send, in order. */
  pending: z.array(notice),
});
export type StationsState = z.infer<typeof stationsStateSchema>;

export const INITIAL_STATIONS: StationsState = { version: 1, stations: {}, measures: {}, pending: [] };

/** When a station and its measures were last seen. */
export interface LastSeen {
  /** Time of the last observation with any value, ISO 8601; null: there was none so far. */
  readonly time: string | null;
  /** By metric that rules measure and that has no good value now: when it had one last; null: never so far. */
  readonly unwatched: Readonly<Record<string, string | null>>;
}

export interface SilenceRule {
  /** A station is silent when its last observation is older. */
  readonly silentAfterSeconds: number;
  /** From poll to poll. */
  readonly pollSeconds: number;
}

/**
 * Finds the stations and measures that fall silent or are back at `time`, and adds one notice for each. Pure. Returns the
 * same object when nothing changed, so that a repeated check does nothing. A station or measure without any observation
 * is silent once `silentAfterSeconds` have passed since the first check. A silent one is back with a newer observation that
 * is not too old itself. A station whose state is unknown (undefined) is left unchanged, and one that `lastSeen` lacks is
 * dropped. The measures of a silent station are not checked, since the station's notice covers them.
 */
export function watchStations(
  state: StationsState,
  lastSeen: ReadonlyMap<string, LastSeen | undefined>,
  time: Date,
  rule: SilenceRule,
): StationsState {
  const stations: Record<string, StationState> = {};
  const measures: Record<string, Record<string, StationState>> = {};
  const pending = [...state.pending];
  for (const [location, seen] of lastSeen) {
    const { [location]: before } = state.stations;
    const measuresBefore = state.measures[location] ?? {};
    if (seen === undefined) {
      if (before !== undefined) stations[location] = before;
      if (Object.keys(measuresBefore).length > 0) measures[location] = measuresBefore;
      continue;
    }
    const { station, notice: found } = watchStation(before ?? {}, seen.time, time, rule);
    if (station !== undefined) stations[location] = station;
    if (found !== undefined) pending.push({ ...found, location, time: formatUtc(time) });
    const watched =
      station?.silentSince !== undefined || seen.time === null
        ? { measures: measuresBefore, notices: [] }
        : watchMeasures(measuresBefore, { ...seen, time: seen.time }, time, rule);
    if (Object.keys(watched.measures).length > 0) measures[location] = watched.measures;
    pending.push(...watched.notices.map((of) => ({ ...of, location, time: formatUtc(time) })));
  }
  const next: StationsState = { ...state, stations, measures, pending };
  return JSON.stringify(next) === JSON.stringify(state) ? state : next;
}

interface MeasuresStep {
  readonly measures: Record<string, StationState>;
  readonly notices: readonly Pick<StationNotice, "kind" | "metric" | "lastSeen" | "polls">[];
}

function watchMeasures(
  before: Readonly<Record<string, StationState>>,
  seen: LastSeen & { readonly time: string },
  time: Date,
  rule: SilenceRule,
): MeasuresStep {
  const measures: Record<string, StationState> = {};
  const notices: MeasuresStep["notices"][number][] = [];
  for (const metric of new Set([...Object.keys(before), ...Object.keys(seen.unwatched)])) {
    const last = seen.unwatched[metric];
    const step = watchStation(before[metric] ?? {}, last === undefined ? seen.time : last, time, rule);
    if (step.station !== undefined) measures[metric] = step.station;
    if (step.notice !== undefined) notices.push({ ...step.notice, metric });
  }
  return { measures, notices };
}

interface StationStep {
  readonly station?: StationState | undefined;
  readonly notice?: Pick<StationNotice, "kind" | "lastSeen" | "polls">;
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
    return isBack ? { notice: notice("back", silentSince, wasSeen, new Date(seen)) } : { station: before };
  }
  const since = seen ?? firstWatched ?? formatUtc(time);
  const station: StationState = seen === null ? { firstWatched: since } : {};
  if (isOld(since)) {
    return {
      station: { ...station, silentSince: since },
      notice: notice("silent", since, seen !== null, time),
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
