import { createHash, randomUUID } from "node:crypto";
import { z } from "zod";
import { defineOperation, type Operation } from "../../aws/operation.ts";
import { findQueue, queuePermission, type SqsContext } from "../queues.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export function sendMessage(context: SqsContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueueUrl: z.string(), MessageBody: z.string().min(1) }),
    permissions: ({ QueueUrl }) => [queuePermission(context, "SendMessage", QueueUrl)],
    run({ QueueUrl, MessageBody: body }) {
      const id = randomUUID();
      findQueue(context, QueueUrl).messages.push({ id, body, visibleAt: context.now() });
      return { MessageId: id, MD5OfMessageBody: createHash("md5").update(body).digest("hex") };
    },
  });
}
