import type { S3Client } from "@aws-sdk/client-s3";
import { type AlertState, INITIAL_STATE, parseState, serializeState } from "../weather/alerts/state.ts";
import { createSwapStore } from "./compare-and-swap.ts";
import type { Log, Sends } from "./dependencies.ts";

export interface StoredState {
  readonly state: AlertState;
  /** Absent if nothing is stored. */
  readonly etag?: string;
}

/** Alert states of locations in S3, written with compare-and-swap. */
export interface AlertStateStore {
  load(locationId: string): Promise<StoredState>;
  /** Replaces what was loaded. Throws {@link import("./compare-and-swap.ts").ConflictError}. */
  save(locationId: string, state: AlertState, replaced: StoredState): Promise<StoredState>;
}

export function createAlertStateStore(s3: Sends<S3Client>, bucketName: string, log: Log): AlertStateStore {
  const objects = createSwapStore(s3, bucketName);
  return {
    async load(locationId) {
      const key = stateKey(locationId);
      const { text, etag } = await objects.read(key);
      const state = text === undefined ? INITIAL_STATE : readState(text, key, log);
      return { state, ...(etag !== undefined && { etag }) };
    },

    async save(locationId, state, replaced) {
      const text = serializeState(state);
      const { etag } = await objects.replace(stateKey(locationId), text, "application/json", replaced);
      return { state, ...(etag !== undefined && { etag }) };
    },
  };
}

function stateKey(locationId: string): string {
  return `state/alerts/${locationId}.json`;
}

/** Replaces an unreadable state by an empty one: a service that forgets is better than one that stops. */
function readState(text: string, key: string, log: Log): AlertState {
  try {
    return parseState(text);
  } catch (error) {
    log.error("alert state cannot be read and is reset", { key, reason: String(error) });
    return INITIAL_STATE;
  }
}
