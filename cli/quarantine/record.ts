import { z } from "zod";
import type { ArchiveEvent } from "../../handlers/archive.ts";

/** Where the archive keeps what it did not take, see handlers/clients/archive-keys.ts. */
export const PREFIX = "quarantine/";

/** An object in quarantine. */
const recordSchema = z.looseObject({
  reason: z.string(),
  detail: z.string(),
  arrivedAt: z.iso.datetime(),
  streamArn: z.string(),
  shardId: z.string(),
  sequenceNumber: z.string(),
  partitionKey: z.string(),
  /** The bytes as they came, base64. */
  data: z.base64(),
  /** What `--repair` put beside them, base64. */
  repaired: z.base64().optional(),
});

export type QuarantinedRecord = Readonly<z.infer<typeof recordSchema>>;

/** What an object holds, or why it is none of the archive's. */
export type Content =
  | { readonly record: QuarantinedRecord; readonly problem?: undefined }
  | { readonly problem: string; readonly record?: undefined };

export function parseContent(text: string): Content {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problem: `the object is no JSON: ${error instanceof Error ? error.message : error}` };
  }
  const parsed = recordSchema.safeParse(json);
  return parsed.success
    ? { record: parsed.data }
    : { problem: `the object is no quarantined record: ${z.prettifyError(parsed.error)}` };
}

/** What is in the key of an object; undefined for what the archive did not name. */
export function partsOfKey(key: string): { reason: string; shardId: string } | undefined {
  const [, reason, shardId] =
    /^quarantine\/reason=([^/]+)\/year=\d+\/month=\d+\/day=\d+\/(.+)-[^-/]+\.json$/.exec(key) ?? [];
  return reason === undefined || shardId === undefined ? undefined : { reason, shardId };
}

/**
 * The event that brought the record, with the repaired bytes if there are any: same arrival, shard, sequence number and
 * partition key, so that a correction that came later still wins. One record an event: the archive names an object after
 * its first and last record, and what lies between two quarantined ones is not here.
 */
export function eventOf(record: QuarantinedRecord): ArchiveEvent {
  const { streamArn, shardId, sequenceNumber, partitionKey } = record;
  return {
    fromQuarantine: true,
    Records: [
      {
        kinesis: {
          kinesisSchemaVersion: "1.0",
          partitionKey,
          sequenceNumber,
          data: record.repaired ?? record.data,
          approximateArrivalTimestamp: Date.parse(record.arrivedAt) / 1000,
        },
        eventSource: "aws:kinesis",
        eventVersion: "1.0",
        eventID: `${shardId}:${sequenceNumber}`,
        eventName: "aws:kinesis:record",
        invokeIdentityArn: "",
        awsRegion: streamArn.split(":")[3] ?? "",
        eventSourceARN: streamArn,
      },
    ],
  };
}
