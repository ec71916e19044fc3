import { AwsError } from "../aws/error.ts";
import type { Permission } from "../aws/operation.ts";
import { type Graph, resourcesOfType } from "../graph.ts";

export interface Message {
  readonly id: string;
  readonly body: string;
  /** Nobody else receives it before. */
  visibleAt: Date;
}

export interface Queue {
  readonly arn: string;
  readonly messages: Message[];
}

export interface SqsContext {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly region: string;
  readonly accountId: string;
  now(): Date;
}

/** Standard queues of the program (`aws:sqs/queue:Queue`) by name. */
export function queuesOf(graph: Graph): ReadonlyMap<string, Queue> {
  return new Map(
    resourcesOfType(graph, "aws:sqs/queue:Queue").map(({ outputs }) => [
      String(outputs.name),
      { arn: String(outputs.arn), messages: [] },
    ]),
  );
}

/** @throws {AwsError} QueueDoesNotExist. */
export function findQueue({ queues }: SqsContext, queueUrl: string): Queue {
  const queue = queues.get(nameOf(queueUrl));
  if (queue !== undefined) return queue;
  throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
}

export function queuePermission(context: SqsContext, action: string, queueUrl: string): Permission {
  const resource = `arn:aws:sqs:${context.region}:${context.accountId}:${nameOf(queueUrl)}`;
  return { action: `sqs:${action}`, resource };
}

const nameOf = (queueUrl: string) => queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
