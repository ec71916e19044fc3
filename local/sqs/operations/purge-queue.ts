import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html */
export function purgeQueue(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string() }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "PurgeQueue", QueueUrl)],
    run({ QueueUrl }) {
      findQueue(context, QueueUrl).messages.length = 0;
      return {};
    },
  });
}
