import { createArchiveHandler } from "../../../handlers/archive.ts";
import type { Location } from "../../../handlers/weather/observation/location.ts";
import { kinesisEvent, weatherRecord } from "../../handlers/support/kinesis-event.ts";
import { createFakeLog } from "../../handlers/support/log.ts";
import { createFakeMeter } from "../../handlers/support/meter.ts";
import type { MemoryLake } from "../memory-lake.ts";
import { s3Over } from "./s3-over.ts";

export interface Observation {
  readonly place: Location;
  /** ISO 8601 with any offset. */
  readonly time: string;
  /** Numbers, and what else a source may send. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** A record that the stream took. */
export interface Arrival {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly arrivedAtMilliseconds: number;
  /** What gold must know of it; absent when the bytes are no record that the archive keeps. */
  readonly observation?: Observation;
  /** The bytes where there is no observation. */
  readonly garbage?: string;
}

/**
 * Hands records of one shard to the archive handler, in batches of `batchSize`.
 * @param putFails the put, counted from 0 over each batch, that S3 refuses; the batch then fails, as Lambda would see
 * @returns the records that are in the lake now: all, save for those whose object was refused
 */
export async function deliver(
  lake: MemoryLake,
  arrivals: readonly Arrival[],
  { batchSize = arrivals.length, putFails = -1 } = {},
): Promise<Arrival[]> {
  const archived: Arrival[] = [];
  for (let from = 0; from < arrivals.length; from += batchSize) {
    const batch = arrivals.slice(from, from + batchSize);
    const s3 = s3Over(lake, putFails);
    const handler = createArchiveHandler(
      { bucketName: "lake" },
      { s3, log: createFakeLog(), meter: createFakeMeter() },
    );
    await handler(eventOf(batch)).catch((error: unknown) => {
      if (s3.refused === undefined) throw error;
    });
    archived.push(...batch.filter(({ observation }) => !isIn(s3.refused, observation)));
  }
  return archived;
}

function eventOf(arrivals: readonly Arrival[]) {
  const { Records, ...event } = kinesisEvent(
    arrivals.map(({ observation, garbage, arrivedAtMilliseconds }) => ({
      body:
        observation === undefined
          ? garbage
          : weatherRecord(observation.place, observation.time, observation.values),
      arrivedAtSeconds: arrivedAtMilliseconds / 1000,
    })),
  );
  const told = Records.map((record, index) => {
    const { shardId = "", sequenceNumber = "" } = arrivals[index] ?? {};
    const kinesis = { ...record.kinesis, sequenceNumber };
    return { ...record, kinesis, eventID: `${shardId}:${sequenceNumber}` };
  });
  return { ...event, Records: told };
}

/** Whether the raw object of a key is the one of an observation's hour. */
function isIn(key: string | undefined, observation: Observation | undefined): boolean {
  if (key === undefined || observation === undefined) return false;
  const [, year, month, day, hour] = /year=(\d+)\/month=(\d+)\/day=(\d+)\/hour=(\d+)\//.exec(key) ?? [];
  return new Date(observation.time).toISOString().startsWith(`${year}-${month}-${day}T${hour}:`);
}
