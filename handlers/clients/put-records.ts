import { type KinesisClient, PutRecordsCommand, type PutRecordsRequestEntry } from "@aws-sdk/client-kinesis";
import type { Sends } from "./dependencies.ts";
import { PUT_RECORDS_BYTES, PUT_RECORDS_RECORDS, RECORD_BYTES } from "./limits.ts";

const MAX_TRIES = 5;
const BASE_DELAY_MS = 200;
const MAX_DELAY_MS = 3000;

export interface OutgoingRecord {
  readonly partitionKey: string;
  readonly bytes: Uint8Array;
}

interface FailedRecord {
  readonly record: OutgoingRecord;
  readonly error: string;
}

interface PutRecordsOptions {
  readonly kinesis: Sends<KinesisClient>;
  readonly streamName: string;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
}

/** Puts records on a stream, each batch within the API's limits; only failed entries are retried. Returns the records that failed. */
export async function putRecords(
  records: readonly OutgoingRecord[],
  options: PutRecordsOptions,
): Promise<readonly FailedRecord[]> {
  const fitting = records.filter((record) => sizeOf(record) <= RECORD_BYTES);
  const failed: FailedRecord[] = records
    .filter((record) => sizeOf(record) > RECORD_BYTES)
    .map((record) => ({ record, error: `${sizeOf(record)} bytes; allowed are ${RECORD_BYTES}` }));
  for (const batch of inBatches(fitting)) failed.push(...(await putBatch(batch, options)));
  return failed;
}

/** The data and its partition key count. */
function sizeOf({ bytes, partitionKey }: OutgoingRecord): number {
  return bytes.byteLength + Buffer.byteLength(partitionKey);
}

/** Splits records in order, each batch within the API's limits. */
export function inBatches(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const batches: OutgoingRecord[][] = [];
  let batch: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (batch.length === PUT_RECORDS_RECORDS || bytes + size > PUT_RECORDS_BYTES) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += size;
  }
  return batch.length === 0 ? batches : [...batches, batch];
}

async function putBatch(
  batch: readonly OutgoingRecord[],
  options: PutRecordsOptions,
): Promise<FailedRecord[]> {
  let failed = await putOnce(batch, options);
  for (let retry = 0; failed.length > 0 && retry < MAX_TRIES - 1; retry++) {
    await options.sleep(options.random() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** retry));
    failed = await putOnce(
      failed.map(({ record }) => record),
      options,
    );
  }
  return failed;
}

/** A call that fails as a whole fails all of its records. The SDK has retried it already. */
async function putOnce(
  batch: readonly OutgoingRecord[],
  { kinesis, streamName }: PutRecordsOptions,
): Promise<FailedRecord[]> {
  const entries: PutRecordsRequestEntry[] = batch.map(({ bytes, partitionKey }) => ({
    Data: bytes,
    PartitionKey: partitionKey,
  }));
  try {
    const { Records = [] } = await kinesis.send(
      new PutRecordsCommand({ StreamName: streamName, Records: entries }),
    );
    return batch.flatMap((record, index) => {
      const result = Records[index];
      if (result?.SequenceNumber !== undefined && result.ErrorCode === undefined) return [];
      return [{ record, error: `${result?.ErrorCode ?? "no result"}: ${result?.ErrorMessage ?? ""}` }];
    });
  } catch (cause) {
    return batch.map((record) => ({ record, error: String(cause) }));
  }
}
