import type { Cancel } from "../clock/clock.ts";
import type { Service } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import { checkServicePolicy, keyPolicyOf, type ServiceCaller } from "../iam/service-policy.ts";
import {
  changeMessageVisibility,
  deleteMessage,
  deleteMessageBatch,
  getQueueAttributes,
  getQueueUrl,
  purgeQueue,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from "./operations.ts";
import {
  createContext,
  findQueue,
  QUEUE_POLICY_TYPE,
  QUEUE_TYPE,
  type Queue,
  queuesOf,
  type SqsAttributes,
} from "./queues.ts";

export const SQS_RESOURCE_TYPES: readonly string[] = [
  QUEUE_TYPE,
  QUEUE_POLICY_TYPE,
  "aws:sqs/redrivePolicy:RedrivePolicy",
];

/** Sends to a queue as an AWS service. Throws AwsError when the policy of the queue or its key does not allow it. */
export type SendAs = (
  caller: ServiceCaller,
  queueArn: string,
  body: string,
  attributes?: SqsAttributes,
) => void;

export interface LocalSqs {
  readonly service: Service;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly sendAs: SendAs;
  /** Throws as `sendAs` would, without sending. */
  checkSender(caller: ServiceCaller, queueArn: string): void;
  /** Calls the listener after each message to a queue. */
  onSent(queueArn: string, listener: () => void): Cancel;
}

/** SQS over the standard queues of the graph, in memory. */
export function createSqs({ graph, now }: { graph: Graph; now: () => Date }): LocalSqs {
  const queues = queuesOf(graph);
  const listeners = new Map<string, Set<() => void>>();
  const context = createContext(graph, queues, now, (arn) => {
    for (const listener of listeners.get(arn) ?? []) listener();
  });
  const queueOf = (arn: string) => findQueue(context, arn.replaceAll(":", "/"));

  const checkSender: LocalSqs["checkSender"] = (caller, queueArn) => {
    const { arn, policy, kmsKeyArn } = queueOf(queueArn);
    const conditions = {
      "aws:sourcearn": caller.sourceArn,
      "aws:sourceaccount": graph.accountId,
      "kms:viaservice": `sqs.${graph.region}.amazonaws.com`,
    };
    const denied = { code: "AccessDenied", statusCode: 403 };
    checkServicePolicy(caller, { action: "sqs:SendMessage", resource: arn }, policy, conditions, denied);
    if (kmsKeyArn === undefined) return;
    const keyPolicy = keyPolicyOf(graph, kmsKeyArn);
    for (const action of ["kms:GenerateDataKey", "kms:Decrypt"])
      checkServicePolicy(caller, { action, resource: kmsKeyArn }, keyPolicy, conditions, denied);
  };

  return {
    queues,
    checkSender,
    sendAs(caller, queueArn, body, attributes = {}) {
      checkSender(caller, queueArn);
      context.send(queueOf(queueArn), { body, attributes, senderId: caller.service });
    },
    onSent(queueArn, listener) {
      const set = listeners.get(queueArn) ?? new Set();
      listeners.set(queueArn, set.add(listener));
      return () => void set.delete(listener);
    },
    service: {
      signingName: "sqs",
      protocol: "json",
      operations: {
        ChangeMessageVisibility: changeMessageVisibility(context),
        DeleteMessage: deleteMessage(context),
        DeleteMessageBatch: deleteMessageBatch(context),
        GetQueueAttributes: getQueueAttributes(context),
        GetQueueUrl: getQueueUrl(context),
        PurgeQueue: purgeQueue(context),
        ReceiveMessage: receiveMessage(context),
        SendMessage: sendMessage(context),
        SendMessageBatch: sendMessageBatch(context),
      },
      resourcePolicy: (resource) => [...queues.values()].find(({ arn }) => arn === resource)?.policy,
    },
  };
}
