import { z } from "zod";
import type { ArchiveEvent } from "../../handlers/archive.ts";
import type { Content } from "./failure.ts";

/** Where the archive keeps what it rejects, see handlers/clients/archive-keys.ts. */
export const REJECTED = "quarantine/";

/** Name of the function in the program. */
export const ARCHIVE = "archive";

/** An object below {@link REJECTED}. */
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

export type RejectedRecord = Readonly<z.infer<typeof recordSchema>>;

/** What the archive function answers for rejected records. */
const answerSchema = z.object({ unfit: z.array(z.object({ reason: z.string(), detail: z.string() })) });

/** @returns a text when the object is not a rejected record */
export function parseRecord(text: string): RejectedRecord | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return `the object is not JSON: ${error instanceof Error ? error.message : error}`;
  }
  const parsed = recordSchema.safeParse(json);
  return parsed.success
    ? parsed.data
    : `the object is not a rejected record: ${z.prettifyError(parsed.error)}`;
}

export function parseRejected(key: string, text: string): Content & { readonly record?: RejectedRecord } {
  const record = parseRecord(text);
  if (typeof record === "string") return { problem: record };
  return {
    record,
    failure: {
      function: ARCHIVE,
      cause: reasonOf(key),
      records: 1,
      first: record.arrivedAt,
      last: record.arrivedAt,
      sequenceNumber: record.sequenceNumber,
      event: eventOf(record),
      problemIn(answer) {
        const parsed = answerSchema.safeParse(answer);
        if (!parsed.success)
          return "the deployed archive function does not know rejected records: it is older than this command, run pulumi up";
        const [unfit] = parsed.data.unfit;
        return unfit && `${unfit.reason}: ${unfit.detail}`;
      },
    },
  };
}

/** As the folder says it, because a damaged object may say nothing. */
export function reasonOf(key: string): string {
  return partsOfKey(key)?.reason ?? "unknown";
}

/**
 * The first and the last key of each reason and shard. Within a shard, keys are in the order of arrival: by day, then by
 * sequence number.
 */
export function firstAndLast(keys: readonly string[]): string[] {
  const groups = Map.groupBy(keys, (key) => `${reasonOf(key)} ${partsOfKey(key)?.shardId}`);
  return [...groups.values()]
    .flatMap(([first, ...others]) => [first, others.at(-1)])
    .filter((key) => key !== undefined);
}

/** Undefined for a key that the archive did not name. */
function partsOfKey(key: string): { reason: string; shardId: string } | undefined {
  const [, reason, shardId] =
    /^quarantine\/reason=([^/]+)\/year=\d+\/month=\d+\/day=\d+\/(.+)-[^-/]+\.json$/.exec(key) ?? [];
  return reason === undefined || shardId === undefined ? undefined : { reason, shardId };
}

/**
 * The event that brought the record, with the repaired bytes if there are any: same arrival, shard, sequence number and
 * partition key, so that a correction that came later still wins. One record per event: the archive names an object
 * after its first and last record, and two rejected records do not contain what lies between them.
 */
export function eventOf(record: RejectedRecord): ArchiveEvent {
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
