import { createHash } from "node:crypto";
import type { SqsAttributes } from "../../sqs/queues.ts";

/** A record in the output of GetRecords. */
export interface StreamRecord {
  readonly SequenceNumber: string;
  readonly ApproximateArrivalTimestamp: Date;
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** One record of a Lambda event, in AWS's shape: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#kinesis-polling-event */
interface KinesisEventRecord {
  readonly kinesis: {
    readonly kinesisSchemaVersion: "1.0";
    readonly partitionKey: string;
    readonly sequenceNumber: string;
    /** Base64. */
    readonly data: string;
    /** Seconds since 1970. */
    readonly approximateArrivalTimestamp: number;
  };
  readonly eventSource: "aws:kinesis";
  readonly eventVersion: "1.0";
  readonly eventID: string;
  readonly eventName: "aws:kinesis:record";
  readonly invokeIdentityArn: string;
  readonly awsRegion: string;
  readonly eventSourceARN: string;
}

/** A record for the function. */
export interface PendingRecord {
  readonly sequenceNumber: string;
  readonly arrivedAt: Date;
  readonly eventRecord: KinesisEventRecord;
  /** Size of the record in the event's JSON. */
  readonly bytes: number;
}

export function pendingRecord(
  record: StreamRecord,
  origin: { shardId: string; streamArn: string; roleArn: string },
): PendingRecord {
  const eventRecord: KinesisEventRecord = {
    kinesis: {
      kinesisSchemaVersion: "1.0",
      partitionKey: record.PartitionKey,
      sequenceNumber: record.SequenceNumber,
      data: Buffer.from(record.Data).toString("base64"),
      approximateArrivalTimestamp: record.ApproximateArrivalTimestamp.getTime() / 1000,
    },
    eventSource: "aws:kinesis",
    eventVersion: "1.0",
    eventID: `${origin.shardId}:${record.SequenceNumber}`,
    eventName: "aws:kinesis:record",
    invokeIdentityArn: origin.roleArn,
    awsRegion: origin.streamArn.split(":")[3] ?? "",
    eventSourceARN: origin.streamArn,
  };
  return {
    sequenceNumber: record.SequenceNumber,
    arrivedAt: record.ApproximateArrivalTimestamp,
    eventRecord,
    bytes: Buffer.byteLength(JSON.stringify(eventRecord)) + 1,
  };
}

/** A message in the output of ReceiveMessage. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: SqsAttributes;
}

/** The event of a function that a queue invokes. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
export function queueEvent(messages: readonly ReceivedMessage[], eventSourceARN: string, awsRegion: string) {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: attributesOf(message.MessageAttributes ?? {}),
      md5OfBody: createHash("md5").update(message.Body).digest("hex"),
      eventSource: "aws:sqs",
      eventSourceARN,
      awsRegion,
    })),
  };
}

function attributesOf(attributes: SqsAttributes): Record<string, object> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
}
