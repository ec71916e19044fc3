import { kinesisEvent, sequence } from "../../handlers/support/kinesis-event.ts";

const MAPPING = "11111111-2222-3333-4444-555555555555";
const FUNCTIONS = "arn:aws:lambda:eu-central-1:123456789012:function:";

export function batchKey(unique: string): string {
  return `aws/lambda/${MAPPING}/shardId-000000000000/2024/04/30/2024-04-30T11.05.00-${unique}`;
}

export function letterKey(unique: string): string {
  return `aws/lambda/async/webhook-ops-1a2b3c4/2024/04/30/2024-04-30T11.05.00-${unique}`;
}

/**
 * A batch of the archive with the records of these sequence numbers, in the shape of
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export function batch(
  numbers: readonly number[],
  { condition = "RetryAttemptsExhausted", arrivedAt = "2024-04-30T11:00:05.000Z" } = {},
): string {
  const arrivedAtSeconds = Date.parse(arrivedAt) / 1000;
  const records = numbers.flatMap(
    (number) => kinesisEvent([{ body: `record ${number}`, arrivedAtSeconds }], number).Records,
  );
  return JSON.stringify({
    requestContext: {
      requestId: "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5",
      functionArn: `${FUNCTIONS}archive-5d6e7f8`,
      condition,
      approximateInvokeCount: 6,
    },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    version: "1.0",
    timestamp: "2024-04-30T11:05:00.021Z",
    KinesisBatchInfo: {
      shardId: "shardId-000000000000",
      startSequenceNumber: sequence(numbers[0] ?? 0),
      endSequenceNumber: sequence(numbers.at(-1) ?? 0),
      approximateArrivalOfFirstRecord: arrivedAt,
      approximateArrivalOfLastRecord: arrivedAt,
      batchSize: numbers.length,
      streamArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/observations-9f8e7d6",
    },
    payload: JSON.stringify({ Records: records }),
  });
}

/** A message that a webhook did not take: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
export function letter(): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: "2024-04-30T11:05:00.784Z",
    requestContext: {
      requestId: "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
      functionArn: `${FUNCTIONS}webhook-ops-1a2b3c4:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    },
    requestPayload: { Records: [{ EventSource: "aws:sns", Sns: { MessageId: "m-1", Message: "{}" } }] },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType: "WebhookRefusedError", errorMessage: "answered 410" },
  });
}
