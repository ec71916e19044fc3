import { GetObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import type { Log, Sends } from "./dependencies.ts";

/** Where the watch over the stations keeps what it knows of them. */
export const STATIONS_KEY = "state/stations.json";

/** The part of it that a digest tells; the watch may keep more. */
const stationsSchema = z.object({
  stations: z.record(z.string(), z.object({ silentSince: z.nullable(z.string()) })),
});

/**
 * Since when which places' stations have been silent (location id -> ISO 8601); others are not. No file: none is known
 * to be. A file that cannot be read is logged, and the digest goes out without it. Throws what S3 throws.
 */
export async function readSilentStations(
  s3: Sends<S3Client>,
  bucketName: string,
  log: Log,
): Promise<ReadonlyMap<string, string>> {
  const text = await readText(s3, bucketName);
  if (text === undefined) return new Map();
  try {
    const { stations } = stationsSchema.parse(JSON.parse(text));
    return new Map(
      Object.entries(stations).flatMap(([id, { silentSince }]) =>
        silentSince === null ? [] : [[id, silentSince] as const],
      ),
    );
  } catch (error) {
    log.error("the stations' state cannot be read; the digest tells of no silent station", {
      key: STATIONS_KEY,
      reason: String(error),
    });
    return new Map();
  }
}

async function readText(s3: Sends<S3Client>, bucketName: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: STATIONS_KEY }));
    return (await Body?.transformToString("utf-8")) ?? "";
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
    throw error;
  }
}
