import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html */
export function getQueueUrl(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
    permissions: ({ QueueName }) => [queuePermission(context, "GetQueueUrl", QueueName)],
    run({ QueueName }) {
      return { QueueUrl: findQueue(context, QueueName).url };
    },
  });
}
