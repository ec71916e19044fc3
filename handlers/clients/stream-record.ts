import type { KinesisStreamRecord } from "aws-lambda";

/** A record of the stream as a consumer sees it. */
export interface StreamRecord {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly arrivedAt: Date;
  readonly bytes: Uint8Array;
  /** Base64, as it came. */
  readonly base64: string;
}

/** Reads a record of a Lambda event. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
export function toStreamRecord({ eventID, kinesis }: KinesisStreamRecord): StreamRecord {
  const [shardId = ""] = eventID.split(":"); // "shardId-000000000000:<sequence number>"
  return {
    shardId,
    sequenceNumber: kinesis.sequenceNumber,
    partitionKey: kinesis.partitionKey,
    arrivedAt: new Date(Math.round(kinesis.approximateArrivalTimestamp * 1000)),
    bytes: Buffer.from(kinesis.data, "base64"),
    base64: kinesis.data,
  };
}
