import { z } from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export function changeMessageVisibility(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({
      QueueUrl: z.string(),
      ReceiptHandle: z.string(),
      VisibilityTimeout: z.number().int().min(0).max(43_200),
    }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "ChangeMessageVisibility", QueueUrl)],
    run({ QueueUrl, ReceiptHandle, VisibilityTimeout }) {
      const { messages } = findQueue(context, QueueUrl);
      const message = messages.find(({ id }) => id === ReceiptHandle);
      if (message === undefined)
        throw new AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
      message.visibleAt = new Date(context.now().getTime() + VisibilityTimeout * 1000);
      return {};
    },
  });
}
