import { createHash } from "node:crypto";
import type { SqsAttributes } from "../../sqs/message-attributes.ts";

/** A message as ReceiveMessage answers it. */
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
