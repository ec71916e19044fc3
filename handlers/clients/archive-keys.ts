import type { StreamRecord } from "./stream-record.ts";

/** Hive partitions of an instant, UTC, zero-padded, so that keys sort by time and crawlers find partitions. */
function dayPartition(time: Date): string {
  const [year, month, day] = time.toISOString().slice(0, 10).split("-");
  return `year=${year}/month=${month}/day=${day}`;
}

export function hourPartition(time: Date): string {
  return `${dayPartition(time)}/hour=${time.toISOString().slice(11, 13)}`;
}

/**
 * Key of the raw object with a batch's records of one shard and event hour. A batch is a segment of its shard without
 * gaps, so the first and last sequence numbers identify its records, and writing the key again writes the same content.
 *
 * @param hour as {@link hourPartition} gives it
 */
export function rawKey(hour: string, shardId: string, first: string, last: string): string {
  return `raw/${hour}/${shardId}-${first}-${last}.ndjson.gz`;
}

/** Key of the object that keeps one record with the reason why it is not archived. By day of arrival. */
export function quarantineKey(
  { arrivedAt, shardId, sequenceNumber }: Pick<StreamRecord, "arrivedAt" | "shardId" | "sequenceNumber">,
  reason: string,
): string {
  return `quarantine/reason=${reason}/${dayPartition(arrivedAt)}/${shardId}-${sequenceNumber}.json`;
}
