import type { S3Client } from "@aws-sdk/client-s3";
import type { Log, Sends } from "./dependencies.ts";
import { createStationsStore } from "./stations-store.ts";

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
