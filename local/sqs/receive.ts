import type { Message, Queue, SqsContext } from "./queues.ts";

/**
 * Takes messages that are visible off a queue for a while. One that was received as often as the redrive policy allows
 * moves to the dead-letter queue; one older than the retention is gone.
 */
export function receive(
  context: SqsContext,
  queue: Queue,
  options: { readonly limit: number; readonly visibilityTimeoutSeconds: number },
): readonly Message[] {
  const now = context.now();
  discardExpired(queue, now);
  const received: Message[] = [];
  for (const message of [...queue.messages]) {
    if (received.length === options.limit) break;
    if (message.visibleAt > now || moveToDeadLetters(context, queue, message)) continue;
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = new Date(now.getTime() + options.visibilityTimeoutSeconds * 1000);
    received.push(message);
  }
  return received;
}

export function remove({ messages }: Queue, id: string): void {
  const index = messages.findIndex((message) => message.id === id);
  if (index >= 0) messages.splice(index, 1);
}

function discardExpired(queue: Queue, now: Date): void {
  const oldest = now.getTime() - queue.retentionSeconds * 1000;
  for (const { id, sentAt } of [...queue.messages]) if (sentAt.getTime() < oldest) remove(queue, id);
}

/** A dead letter keeps its id and its time. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function moveToDeadLetters({ queues, now }: SqsContext, queue: Queue, message: Message): boolean {
  const { redrive } = queue;
  if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
  const deadLetters = [...queues.values()].find(({ arn }) => arn === redrive.deadLetterTargetArn);
  if (deadLetters === undefined) return false;
  remove(queue, message.id);
  deadLetters.messages.push({ ...message, visibleAt: now(), receiveCount: 0 });
  return true;
}
