import type { S3Client } from "@aws-sdk/client-s3";
import { INITIAL_STATIONS, type StationsState, stationsStateSchema } from "../weather/alerts/stations.ts";
import { createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";

export interface StoredStations {
  readonly state: StationsState;
  /** Absent if nothing is stored. */
  readonly etag?: string;
}

/** The state of all stations in S3, written with compare-and-swap. */
interface StationsStore {
  load(): Promise<StoredStations>;
  /** Replaces what was loaded. Throws {@link import("./compare-and-swap.ts").ConflictError}. */
  save(state: StationsState, replaced: StoredStations): Promise<StoredStations>;
}

/** Key of the state of all stations. */
export const STATIONS_KEY = "state/stations.json";

export function createStationsStore(s3: Sends<S3Client>, bucketName: string, log: Log): StationsStore {
  const objects = createSwapStore(s3, bucketName);
  return {
    async load() {
      const { text, etag } = await objects.read(STATIONS_KEY);
      const state = text === undefined ? INITIAL_STATIONS : readState(text, log);
      return { state, ...(etag !== undefined && { etag }) };
    },

    async save(state, replaced) {
      const { etag } = await objects.replace(
        STATIONS_KEY,
        JSON.stringify(state),
        "application/json",
        replaced,
      );
      return { state, ...(etag !== undefined && { etag }) };
    },
  };
}

/** Replaces an unreadable state by an empty one. At worst, a silent station is announced twice. */
function readState(text: string, log: Log): StationsState {
  try {
    return stationsStateSchema.parse(JSON.parse(text));
  } catch (error) {
    log.error("the state of the stations cannot be read and is reset", {
      key: STATIONS_KEY,
      reason: String(error),
    });
    return INITIAL_STATIONS;
  }
}

/**
 * Returns since when stations have been silent (location id -> ISO 8601), without those that report. An unreadable state
 * is logged and counts as empty. Throws the errors of S3.
 */
export async function readSilentStations(
  s3: Sends<S3Client>,
  bucketName: string,
  log: Log,
): Promise<ReadonlyMap<string, string>> {
  const { state } = await createStationsStore(s3, bucketName, log).load();
  return new Map(
    Object.entries(state.stations).flatMap(([id, { silentSince }]) =>
      silentSince === undefined ? [] : [[id, silentSince] as const],
    ),
  );
}
