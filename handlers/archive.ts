import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import { parseISO } from "date-fns/parseISO";
import { dayPartition, hourPartition } from "./aws/archive-keys.ts";
import { createLog, type Log, type Sends } from "./aws/dependencies.ts";
import { type StreamRecord, toStreamRecord } from "./aws/stream-record.ts";
import { type InvalidReason, implausibleTime, parseRecord, type WeatherRecord } from "./weather/record.ts";

export interface ArchiveOptions {
  readonly bucketName: string;
}

export interface ArchiveDependencies {
  readonly s3?: Sends<S3Client>;
  readonly log?: Log;
}

/** Raise it when a line's meaning changes. */
const SCHEMA_VERSION = 1;

/** Written once, kept for years, read by every rebuild of its day: the smallest file is worth the milliseconds. */
const GZIP_LEVEL = 9;

/**
 * Thrown when S3 did not take an object. The batch then fails as a whole, so that it comes again with the same
 * records and hence the same keys.
 */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** An object to be put. Keys come from the records alone: a batch that is delivered again overwrites its objects. */
interface OutgoingObject {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
}

type Sorted =
  | { readonly ok: true; readonly from: StreamRecord; readonly record: WeatherRecord }
  | {
      readonly ok: false;
      readonly from: StreamRecord;
      readonly reason: InvalidReason;
      readonly detail: string;
    };

/**
 * Kinesis handler that keeps every record: valid ones as gz NDJSON by event hour, the others in quarantine with their
 * reason. Throws {@link ArchiveError} when S3 fails; nothing in a record can fail a batch.
 */
export function createArchiveHandler(
  { bucketName }: ArchiveOptions,
  dependencies: ArchiveDependencies = {},
): (event: KinesisStreamEvent) => Promise<KinesisStreamBatchResponse> {
  const { s3 = new S3Client({}), log = createLog("archive") } = dependencies;

  const put = ({ key, body, contentType }: OutgoingObject) =>
    s3.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: body, ContentType: contentType }));

  return async ({ Records }) => {
    const sorted = Records.map(toStreamRecord).map(sort);
    const raw = rawObjects(sorted);
    const quarantined = sorted.flatMap((entry) => (entry.ok ? [] : [quarantineObject(entry)]));

    const outcomes = await Promise.allSettled([...raw, ...quarantined].map(put));
    const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (errors.length > 0) {
      const message = `${errors.length} of ${outcomes.length} objects were not put: ${String(errors[0])}`;
      throw new ArchiveError(message, { cause: errors[0] });
    }
    log.info("archived", { records: sorted.length, rawObjects: raw.length, quarantined: quarantined.length });
    for (const { key } of quarantined) log.warn("a record is in quarantine", { key });
    return { batchItemFailures: [] };
  };
}

function sort(from: StreamRecord): Sorted {
  const parsed = parseRecord(from.bytes);
  if (!parsed.ok) return { from, ...parsed };
  const detail = implausibleTime(parsed.record, from.arrivedAt, "archive");
  if (detail !== undefined) return { ok: false, from, reason: "implausible-time", detail };
  return { ok: true, from, record: parsed.record };
}

/** One object for each shard and event hour of the batch. */
function rawObjects(sorted: readonly Sorted[]): OutgoingObject[] {
  const valid = sorted.filter((entry) => entry.ok);
  const groups = Map.groupBy(
    valid,
    ({ from, record }) => `${hourPartition(parseISO(record.data.time))}/${from.shardId}`,
  );
  return [...groups].map(([prefix, entries]) => {
    const first = entries[0]?.from.sequenceNumber;
    const last = entries.at(-1)?.from.sequenceNumber;
    const lines = entries.map(({ from, record }) => `${JSON.stringify(toLine(from, record))}\n`);
    return {
      key: `raw/${prefix}-${first}-${last}.ndjson.gz`,
      body: gzipSync(lines.join(""), { level: GZIP_LEVEL }),
      contentType: "application/gzip",
    };
  });
}

function toLine({ arrivedAt, shardId, sequenceNumber }: StreamRecord, record: WeatherRecord): object {
  const archive = {
    arrivedAt: arrivedAt.toISOString(),
    shardId,
    sequenceNumber,
    schemaVersion: SCHEMA_VERSION,
  };
  return { ...record, archive };
}

function quarantineObject({ from, reason, detail }: Extract<Sorted, { ok: false }>): OutgoingObject {
  const { arrivedAt, shardId, sequenceNumber, partitionKey, base64 } = from;
  const body = { reason, detail, arrivedAt, shardId, sequenceNumber, partitionKey, data: base64 };
  return {
    key: `quarantine/reason=${reason}/${dayPartition(arrivedAt)}/${shardId}-${sequenceNumber}.json`,
    body: new TextEncoder().encode(JSON.stringify(body)),
    contentType: "application/json",
  };
}
