import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AwsError, NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { blob, type Permission } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html */
export const attributesSchema = z.record(
  z.string(),
  z.strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: blob().optional(),
  }),
);

export type SqsAttributes = z.infer<typeof attributesSchema>;

export const QUEUE_TYPE = "aws:sqs/queue:Queue";
export const QUEUE_POLICY_TYPE = "aws:sqs/queuePolicy:QueuePolicy";

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: SqsAttributes;
  readonly senderId: string;
  readonly sentAt: Date;
  /** Time from which the message can be received. */
  visibleAt: Date;
  receiveCount: number;
  firstReceivedAt?: Date;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };
  /** Policy document, JSON text or object. */
  readonly policy?: unknown;
  /** ARN of the customer's key that encrypts messages at rest on AWS. */
  readonly kmsKeyArn?: string;
  readonly messages: Message[];
}

export interface SqsContext {
  readonly queues: ReadonlyMap<string, Queue>;
  readonly region: string;
  readonly accountId: string;
  now(): Date;
  /** Puts a message at the end of a queue. Returns its id. */
  send(queue: Queue, message: NewMessage): string;
}

interface NewMessage {
  readonly body: string;
  readonly attributes?: SqsAttributes;
  readonly senderId: string;
  readonly delaySeconds?: number | undefined;
}

/** Defaults and limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const inputsSchema = z.object({
  fifoQueue: z.boolean().optional(),
  visibilityTimeoutSeconds: z.number().int().min(0).max(43_200).default(30),
  delaySeconds: z.number().int().min(0).max(900).default(0),
  messageRetentionSeconds: z.number().int().min(60).max(1_209_600).default(345_600),
  redrivePolicy: z.string().optional(),
  policy: z.unknown().optional(),
  kmsMasterKeyId: z.string().optional(),
});

const redriveSchema = z.object({
  deadLetterTargetArn: z.string(),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

/**
 * Standard queues of the program by name.
 *
 * @throws NotEmulatedError for a FIFO queue.
 * @throws Error naming the queue, the field and what is allowed, for inputs that AWS rejects.
 */
export function queuesOf(graph: Graph): ReadonlyMap<string, Queue> {
  return new Map(
    resourcesOfType(graph, QUEUE_TYPE).map((resource) => {
      const queue = ofResource(resource.urn, () => queueOf(graph, resource));
      return [queue.name, queue];
    }),
  );
}

function queueOf(graph: Graph, resource: Resource): Queue {
  const parsed = inputsSchema.safeParse(resource.inputs, { reportInput: true });
  if (!parsed.success)
    throw new Error(`${resource.urn}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  const { fifoQueue, redrivePolicy, kmsMasterKeyId, ...inputs } = parsed.data;
  if (fifoQueue === true) throw new NotEmulatedError(`The FIFO queue ${resource.name}`);
  const name = String(resource.outputs.name);
  const url = `https://sqs.${graph.region}.amazonaws.com/${graph.accountId}/${name}`;
  const redrive =
    settingOf(graph, "aws:sqs/redrivePolicy:RedrivePolicy", url, "redrivePolicy") ?? redrivePolicy;
  const policy = settingOf(graph, QUEUE_POLICY_TYPE, url, "policy") ?? inputs.policy;
  const kmsKeyArn = customerKeyArn(graph, kmsMasterKeyId);
  return {
    name,
    url,
    arn: String(resource.outputs.arn),
    visibilityTimeoutSeconds: inputs.visibilityTimeoutSeconds,
    delaySeconds: inputs.delaySeconds,
    retentionSeconds: inputs.messageRetentionSeconds,
    ...(redrive !== undefined && { redrive: redriveOf(resource, redrive) }),
    ...(policy !== undefined && policy !== "" && { policy }),
    ...(kmsKeyArn !== undefined && { kmsKeyArn }),
    messages: [],
  };
}

/** A setting of the queue that the program declares as a separate resource. */
function settingOf(graph: Graph, type: string, url: string, key: string): unknown {
  return resourcesOfType(graph, type).find(({ inputs }) => inputs.queueUrl === url)?.inputs[key];
}

function redriveOf({ urn }: Resource, policy: unknown): NonNullable<Queue["redrive"]> {
  try {
    return redriveSchema.parse(typeof policy === "string" ? JSON.parse(policy) : policy);
  } catch (cause) {
    throw new Error(
      `${urn}: redrivePolicy is ${policy}; allowed is JSON with deadLetterTargetArn and maxReceiveCount (1 to 1000)`,
      { cause },
    );
  }
}

/** A context over queues. `onSent` is called with the ARN of a queue that gets a message. */
export function createContext(
  { region, accountId }: Pick<Graph, "region" | "accountId">,
  queues: ReadonlyMap<string, Queue>,
  now: () => Date,
  onSent: (queueArn: string) => void,
): SqsContext {
  return {
    queues,
    region,
    accountId,
    now,
    send(queue, { body, attributes = {}, senderId, delaySeconds = queue.delaySeconds }) {
      const id = randomUUID();
      const sentAt = now();
      const visibleAt = new Date(sentAt.getTime() + delaySeconds * 1000);
      queue.messages.push({ id, body, attributes, senderId, sentAt, visibleAt, receiveCount: 0 });
      onSent(queue.arn);
      return id;
    },
  };
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

/** The permissions for sending, which include the key of an encrypted queue. */
export function sendPermissions(context: SqsContext, queueUrl: string): Permission[] {
  const key = context.queues.get(nameOf(queueUrl))?.kmsKeyArn;
  return [
    queuePermission(context, "SendMessage", queueUrl),
    ...(key === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ action, resource: key }))),
  ];
}

const nameOf = (queueUrl: string) => queueUrl.slice(queueUrl.lastIndexOf("/") + 1);

/**
 * Receives visible messages, which are then hidden for the visibility timeout. A message that was received as often as the
 * redrive policy allows moves to the dead-letter queue. A message older than the retention period is removed.
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

/** A message keeps its id and its time in the dead-letter queue. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
function moveToDeadLetters({ queues, now }: SqsContext, queue: Queue, message: Message): boolean {
  const { redrive } = queue;
  if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
  const deadLetters = [...queues.values()].find(({ arn }) => arn === redrive.deadLetterTargetArn);
  if (deadLetters === undefined) return false;
  remove(queue, message.id);
  deadLetters.messages.push({ ...message, visibleAt: now(), receiveCount: 0 });
  return true;
}
