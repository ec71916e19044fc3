import type { S3Client } from "@aws-sdk/client-s3";
import { INITIAL_STATIONS, type StationsState, stationsStateSchema } from "../weather/alerts/stations.ts";
import { createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";

export interface StoredStations {
  readonly state: StationsState;
  /** Absent: nothing is stored yet. */
  readonly etag?: string;
}

/** What the watch remembers of all stations, in S3 under compare-and-swap. */
interface StationsStore {
  load(): Promise<StoredStations>;
  /** Replaces what was loaded. Throws {@link import("./compare-and-swap.ts").ConflictError}. */
  save(state: StationsState, replaced: StoredStations): Promise<StoredStations>;
}

/** Where the watch over the stations keeps what it knows of them. */
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

/** One that cannot be read begins anew: at worst a silence is told a second time. */
function readState(text: string, log: Log): StationsState {
  try {
    return stationsStateSchema.parse(JSON.parse(text));
  } catch (error) {
    log.error("the stations' state cannot be read and begins anew", {
      key: STATIONS_KEY,
      reason: String(error),
    });
    return INITIAL_STATIONS;
  }
}

/**
 * Since when which locations' stations have been silent (location id -> ISO 8601); others are not. No file: none is
 * known to be. A file that cannot be read is logged, and the digest goes out without it. Throws what S3 throws.
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
