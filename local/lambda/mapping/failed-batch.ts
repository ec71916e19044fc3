import { AwsError } from "../../aws/error.ts";
import type { Gateway, Principal } from "../../aws/operation.ts";
import { deterministicUuid } from "../identifier.ts";
import type { PendingRecord } from "./kinesis-event.ts";

/** A batch that its mapping gave up. */
export interface FailedBatch {
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
 * Keeps the batch in the on-failure bucket, as the function's role. The object's key and its fields, the whole event
 * as a JSON text in `payload` included, are AWS's: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 *
 * @returns the refusal when it could not be written, or undefined.
 */
export async function keepFailedBatch(
  gateway: Gateway,
  principal: Principal,
  bucket: string,
  batch: FailedBatch,
): Promise<string | undefined> {
  const Body = Buffer.from(JSON.stringify(invocationRecord(batch)));
  try {
    await gateway.call(principal, "s3", "PutObject", { Bucket: bucket, Key: objectKey(batch), Body });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

function objectKey({ mappingUuid, shardId, time, records }: FailedBatch): string {
  const second = time.toISOString().slice(0, 19);
  const day = second.slice(0, 10).replaceAll("-", "/");
  const unique = deterministicUuid(
    mappingUuid,
    shardId,
    ...records.map(({ sequenceNumber }) => sequenceNumber),
  );
  return `aws/lambda/${mappingUuid}/${shardId}/${day}/${second.replaceAll(":", ".")}-${unique}`;
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
    payload: JSON.stringify({ Records: records.map(({ eventRecord }) => eventRecord) }),
  };
}
