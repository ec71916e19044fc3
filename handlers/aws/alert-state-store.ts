import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type AlertState, INITIAL_STATE, parseState, serializeState } from "../weather/state.ts";
import type { Log, Sends } from "./dependencies.ts";

export interface StoredState {
  readonly state: AlertState;
  /** Absent: nothing is stored yet. */
  readonly etag?: string;
}

/** Thrown when somebody else has written the state since it was read; read it again. */
export class StateConflictError extends Error {
  override readonly name = "StateConflictError";
}

/** Alert state of locations in S3, written under compare-and-swap. */
export interface AlertStateStore {
  load(locationId: string): Promise<StoredState>;
  /** Replaces what was loaded. Throws {@link StateConflictError}. */
  save(locationId: string, state: AlertState, replaced: StoredState): Promise<StoredState>;
}

/** 412: the condition failed; 409: a concurrent write is under way; 404: If-Match on an object that has gone. */
const CONFLICT_STATUSES: readonly (number | undefined)[] = [404, 409, 412];

export function createAlertStateStore(s3: Sends<S3Client>, bucketName: string, log: Log): AlertStateStore {
  return {
    async load(locationId) {
      const key = stateKey(locationId);
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
        const text = (await Body?.transformToString("utf-8")) ?? "";
        return { state: readState(text, key, log), ...(ETag !== undefined && { etag: ETag }) };
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === "NoSuchKey")
          return { state: INITIAL_STATE };
        throw error;
      }
    },

    async save(locationId, state, { etag }) {
      const condition = etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag };
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key: stateKey(locationId),
        Body: serializeState(state),
        ContentType: "application/json",
        ...condition,
      });
      try {
        const { ETag } = await s3.send(command);
        return { state, ...(ETag !== undefined && { etag: ETag }) };
      } catch (cause) {
        if (!(cause instanceof S3ServiceException) || !isConflict(cause)) throw cause;
        throw new StateConflictError(`${stateKey(locationId)} was written by another`, { cause });
      }
    },
  };
}

function stateKey(locationId: string): string {
  return `state/alerts/${locationId}.json`;
}

function isConflict(error: S3ServiceException): boolean {
  return error.name !== "NoSuchBucket" && CONFLICT_STATUSES.includes(error.$metadata.httpStatusCode);
}

/** A state that cannot be read begins anew: a warning service that forgets is better than one that stands still. */
function readState(text: string, key: string, log: Log): AlertState {
  try {
    return parseState(text);
  } catch (error) {
    log.error("alert state cannot be read and begins anew", { key, reason: String(error) });
    return INITIAL_STATE;
  }
}
