import type { Gateway, Principal } from "../../endpoint/operation.ts";
import { deterministicUuid } from "../../events/event.ts";
import { bucketOfArn, keepInBucket, sendDeadLetter } from "../failure.ts";
import type { PendingRecord } from "./event-records.ts";

/** A batch that its mapping discarded. */
interface FailedBatch {
  readonly mappingUuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly records: readonly PendingRecord[];
  readonly condition: "RetryAttemptsExhausted" | "RecordAgeExceeded";
  readonly invokeCount: number;
  /** Virtual time. */
  readonly time: Date;
}

/**
 * Sends the batch to the on-failure destination with the function's role. A bucket gets the whole event as JSON text in
 * `payload`, a queue or topic does not. The object's key and the fields are AWS's: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 *
 * @returns the error when it could not be written, or undefined.
 */
export async function keepFailedBatch(
  gateway: Gateway,
  principal: Principal,
  destinationArn: string,
  batch: FailedBatch,
): Promise<string | undefined> {
  const bucket = bucketOfArn(destinationArn);
  if (bucket === undefined)
    return await sendDeadLetter(gateway, principal, destinationArn, JSON.stringify(invocationRecord(batch)));
  const { mappingUuid, shardId, time, records } = batch;
  const sequenceNumbers = records.map(({ sequenceNumber }) => sequenceNumber);
  const { error } = await keepInBucket(gateway, principal, bucket, {
    folder: `${mappingUuid}/${shardId}`,
    time,
    unique: deterministicUuid(mappingUuid, shardId, ...sequenceNumbers),
    body: { ...invocationRecord(batch), payload: payloadOf(records) },
  });
  return error;
}

function invocationRecord(batch: FailedBatch): Record<string, unknown> {
  const { records, shardId } = batch;
  const first = records[0];
  const last = records.at(-1);
  return {
    requestContext: {
      requestId: deterministicUuid(batch.functionArn, shardId, first?.sequenceNumber ?? ""),
      functionArn: batch.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: batch.time.toISOString(),
    KinesisBatchInfo: {
      shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: first?.arrivedAt.toISOString(),
      approximateArrivalOfLastRecord: last?.arrivedAt.toISOString(),
      batchSize: records.length,
      streamArn: batch.streamArn,
    },
  };
}

function payloadOf(records: readonly PendingRecord[]): string {
  return JSON.stringify({ Records: records.map(({ eventRecord }) => eventRecord) });
}
