import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { findQueue, type Queue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
export function getQueueAttributes(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).default([]) }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "GetQueueAttributes", QueueUrl)],
    run({ QueueUrl, AttributeNames }) {
      const attributes = attributesOf(findQueue(context, QueueUrl), context.now());
      const isAsked = (name: string) => AttributeNames.includes("All") || AttributeNames.includes(name);
      return { Attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => isAsked(name))) };
    },
  });
}

function attributesOf(queue: Queue, now: Date): Record<string, string> {
  const { messages, policy, redrive } = queue;
  const hidden = messages.filter(({ visibleAt }) => visibleAt > now);
  const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
  return {
    ApproximateNumberOfMessages: String(messages.length - hidden.length),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(hidden.length - delayed),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    QueueArn: queue.arn,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    ...(policy !== undefined && { Policy: typeof policy === "string" ? policy : JSON.stringify(policy) }),
    ...(redrive !== undefined && { RedrivePolicy: JSON.stringify(redrive) }),
  };
}
