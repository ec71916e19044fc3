import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from "aws-lambda";
import pLimit from "p-limit";
import { hourPartition, quarantineKey, rawKey } from "./clients/archive-keys.ts";
import { archiveLine, type QuarantineReason } from "./clients/archive-line.ts";
import { createLog, type Log, type Sends } from "./clients/dependencies.ts";
import type { MetricOf } from "./clients/metric-names.ts";
import { counted, createMeter, type Meter } from "./clients/metrics.ts";
import { toStreamRecord } from "./clients/stream-record.ts";
import { type Flag, isDoubtful } from "./weather/observation/quality/assess.ts";

interface ArchiveOptions {
  readonly bucketName: string;
}

export interface ArchiveDependencies {
  readonly s3?: Sends<S3Client>;
  readonly log?: Log;
  readonly meter?: Meter<MetricOf<"archive">>;
}

export interface ArchiveEvent extends KinesisStreamEvent {
  /** The records come from quarantine. Those that are still unfit are returned, and not quarantined again. */
  readonly fromQuarantine?: boolean;
}

interface ArchiveResponse extends KinesisStreamBatchResponse {
  /** Records from quarantine that are still unfit. Absent from responses to Kinesis. */
  readonly unfit?: readonly UnfitRecord[];
}

interface UnfitRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/**
 * Thrown when S3 rejects an object. The batch then fails as a whole, so that Kinesis redelivers the same records and the
 * keys stay the same.
 */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

/** Objects compressed and uploaded in parallel. Each needs 256 KiB for zlib, and an upload takes tens of milliseconds. */
const PARALLEL_PUTS = 16;

/**
 * The records of a batch by destination. Records stay encoded in the event to save memory, so each is parsed twice: to sort
 * it and to write it.
 */
interface Sorted {
  /** Valid records by event hour and shard. */
  readonly raw: readonly RawGroup[];
  readonly unfit: readonly Unfit[];
  /** Quality flags of the valid records. */
  readonly flags: readonly Flag[];
}

interface RawGroup {
  readonly hour: string;
  readonly shardId: string;
  readonly records: readonly [KinesisStreamRecord, ...KinesisStreamRecord[]];
}

interface Unfit {
  readonly record: KinesisStreamRecord;
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/**
 * Kinesis handler that archives every record: valid ones as gz NDJSON by event hour, the others in quarantine with the
 * reason. Throws {@link ArchiveError} when S3 fails. The content of a record never fails a batch.
 */
export function createArchiveHandler(
  { bucketName }: ArchiveOptions,
  dependencies: ArchiveDependencies = {},
): (event: ArchiveEvent) => Promise<ArchiveResponse> {
  const { s3 = new S3Client({}), log = createLog("archive"), meter = createMeter("archive") } = dependencies;

  async function putRaw(key: string, body: Uint8Array): Promise<void> {
    const object = { Bucket: bucketName, Key: key, Body: body, ContentType: "application/gzip" };
    await s3.send(new PutObjectCommand(object));
  }

  /** Never overwrites: a redelivered batch must not undo a repair of the quarantined record. */
  async function putInQuarantine(key: string, body: string): Promise<void> {
    const object = { Bucket: bucketName, Key: key, Body: body, ContentType: "application/json" };
    try {
      await s3.send(new PutObjectCommand({ ...object, IfNoneMatch: "*" }));
    } catch (error) {
      if (!(error instanceof S3ServiceException && error.name === "PreconditionFailed")) throw error;
    }
  }

  return counted(meter, async ({ Records, fromQuarantine = false }) => {
    const { raw, unfit, flags } = sort(Records);
    const quarantined = fromQuarantine ? [] : unfit;
    const limit = pLimit(PARALLEL_PUTS);
    const jobs = [
      ...raw.map((group) => async () => putRaw(keyOf(group), await gzipLines(linesOf(group)))),
      ...quarantined.map((entry) => async () => {
        const { key, body } = quarantineObject(entry);
        await putInQuarantine(key, body);
        log.warn("a record is in quarantine", { key });
      }),
    ];
    const settled = await Promise.allSettled(jobs.map((job) => limit(job)));
    const errors = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    if (errors.length > 0) {
      const message = `${errors.length} of ${jobs.length} objects were not put: ${String(errors[0])}`;
      throw new ArchiveError(message, { cause: errors[0] });
    }
    meter.add("ArchivedRows", Records.length - unfit.length);
    meter.add("QuarantinedRecords", quarantined.length);
    const doubtful = flags.filter(isDoubtful).length;
    meter.add("DoubtfulValues", doubtful);
    meter.add("ErroneousValues", flags.length - doubtful);
    log.info("archived", { records: Records.length, rawObjects: raw.length, unfit: unfit.length });
    return { batchItemFailures: [], ...(fromQuarantine && { unfit: unfit.map(toUnfitRecord) }) };
  });
}

function sort(records: readonly KinesisStreamRecord[]): Sorted {
  const groups = new Map<string, RawGroup & { records: [KinesisStreamRecord, ...KinesisStreamRecord[]] }>();
  const unfit: Unfit[] = [];
  const flags: Flag[] = [];
  for (const record of records) {
    const from = toStreamRecord(record);
    const archived = archiveLine(from);
    if (!archived.ok) {
      unfit.push({ record, reason: archived.reason, detail: archived.detail });
      continue;
    }
    flags.push(...Object.values(archived.flags));
    const { shardId } = from;
    const hour = hourPartition(archived.observedAt);
    const name = `${hour}/${shardId}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { hour, shardId, records: [record] });
    else group.records.push(record);
  }
  return { raw: [...groups.values()], unfit, flags };
}

function keyOf({ hour, shardId, records }: RawGroup): string {
  const [first] = records;
  const last = records.at(-1) ?? first;
  return rawKey(hour, shardId, first.kinesis.sequenceNumber, last.kinesis.sequenceNumber);
}

function* linesOf({ records }: RawGroup): Generator<string> {
  for (const record of records) {
    const archived = archiveLine(toStreamRecord(record));
    if (archived.ok) yield archived.line;
  }
}

function quarantineObject({ record, reason, detail }: Unfit): { key: string; body: string } {
  const from = toStreamRecord(record);
  const { arrivedAt, shardId, sequenceNumber, partitionKey, base64: data } = from;
  const streamArn = record.eventSourceARN;
  const body = { reason, detail, arrivedAt, streamArn, shardId, sequenceNumber, partitionKey, data };
  return { key: quarantineKey(from, reason), body: JSON.stringify(body) };
}

function toUnfitRecord({ record, reason, detail }: Unfit): UnfitRecord {
  const { shardId, sequenceNumber } = toStreamRecord(record);
  return { shardId, sequenceNumber, reason, detail };
}

/**
 * Against zlib's default of 6, level 9 makes objects 5 to 8 % smaller for 3 to 6 ms of a processor a thousand records
 * (`npm run bench -- archive`). At AWS's prices a year of that storage costs ten times those milliseconds, and every
 * rebuild of a day reads it again.
 */
const GZIP_LEVEL = 9;

/** Characters handed to zlib at once: a call for every line would cost more than its compression. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * The lines as one gzip member. Holds a chunk and the compressed bytes, never all lines at once. The same lines give
 * the same bytes: there is no time in the header.
 */
async function gzipLines(lines: Iterable<string>): Promise<Uint8Array> {
  return await pipeline(chunked(lines), createGzip({ level: GZIP_LEVEL }), (compressed) =>
    buffer(compressed),
  );
}

function* chunked(lines: Iterable<string>): Generator<Buffer> {
  let chunk = "";
  for (const line of lines) {
    chunk += line;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(chunk);
    chunk = "";
  }
  if (chunk !== "") yield Buffer.from(chunk);
}
