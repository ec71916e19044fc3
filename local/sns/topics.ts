import * as z from "zod";
import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import { FilterPolicyError } from "./filter-condition.ts";
import { type FilterPolicy, parseFilterPolicy } from "./filter-policy.ts";
import { FILTER_POLICIES_PER_TOPIC_LIMIT } from "./limits.ts";

export const TOPIC_TYPE = "aws:sns/topic:Topic";
export const TOPIC_POLICY_TYPE = "aws:sns/topicPolicy:TopicPolicy";

export interface Topic {
  readonly arn: string;
  /** Prefix of every SMS of the topic. */
  readonly displayName?: string;
  /** ARN of the customer's key that encrypts messages at rest on AWS. */
  readonly kmsKeyArn?: string;
  /** Policy document, JSON text or object. */
  readonly policy?: unknown;
  readonly subscriptions: readonly Subscription[];
}

/**
 * Topics of the program by ARN, with their subscriptions in the order of registration.
 * @throws {Error} naming the subscription that AWS would reject.
 * @throws {NotEmulatedError} naming a feature that is not emulated.
 */
export function topicsOf(graph: Graph): ReadonlyMap<string, Topic> {
  const subscriptions = resourcesOfType(graph, SUBSCRIPTION_TYPE).map((resource) =>
    ofResource(resource.urn, () => subscriptionOf(resource)),
  );
  const topics = new Map(
    resourcesOfType(graph, TOPIC_TYPE).map((resource) => {
      const topic = ofResource(resource.urn, () => topicOf(graph, resource, subscriptions));
      return [topic.arn, topic];
    }),
  );
  const stray = subscriptions.find(({ topicArn }) => !topics.has(topicArn));
  if (stray !== undefined) {
    throw new Error(`${stray.urn}: topic is ${stray.topicArn}; the program does not declare this topic`);
  }
  return topics;
}

function topicOf(graph: Graph, resource: Resource, all: readonly Subscription[]): Topic {
  const { arn, displayName, fifoTopic, kmsMasterKeyId, policy: inlinePolicy } = resource.outputs;
  if (typeof arn !== "string") throw new Error(`${resource.urn}: the topic has no ARN`);
  if (fifoTopic === true) throw new NotEmulatedError(`The FIFO topic ${resource.name}`);
  const subscriptions = all.filter(({ topicArn }) => topicArn === arn);
  const filtered = subscriptions.filter(({ filterPolicy }) => filterPolicy !== undefined).length;
  if (filtered > FILTER_POLICIES_PER_TOPIC_LIMIT) {
    throw new Error(
      `${resource.urn}: ${filtered} subscriptions have a filter policy; a topic takes ${FILTER_POLICIES_PER_TOPIC_LIMIT}`,
    );
  }
  const policy = policyOf(graph, arn) ?? inlinePolicy;
  const kmsKeyArn = customerKeyArn(graph, kmsMasterKeyId);
  return {
    arn,
    subscriptions,
    ...(typeof displayName === "string" && displayName !== "" ? { displayName } : {}),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    ...(policy === undefined ? {} : { policy }),
  };
}

function policyOf(graph: Graph, topicArn: string): unknown {
  return resourcesOfType(graph, TOPIC_POLICY_TYPE).find(({ inputs }) => inputs.arn === topicArn)?.inputs
    .policy;
}

export const SUBSCRIPTION_TYPE = "aws:sns/topicSubscription:TopicSubscription";

const PROTOCOLS = ["sms", "email", "email-json", "lambda", "sqs"] as const;

export interface Subscription {
  readonly urn: string;
  readonly arn: string;
  readonly topicArn: string;
  /** Not confirmed yet: the subscription is listed and receives no messages. */
  readonly isPending: boolean;
  readonly protocol: (typeof PROTOCOLS)[number];
  /** A phone number, an e-mail address or the ARN of a function or queue. The first two never appear in error messages. */
  readonly endpoint: string;
  readonly filterPolicy?: FilterPolicy;
  readonly filterPolicyText?: string;
  /** Whether the policy filters on the JSON of the message instead of its attributes. */
  readonly filtersBody: boolean;
  /** Whether a queue receives only the text, with the message attributes as queue message attributes. */
  readonly isRaw: boolean;
  /** The queue in which AWS keeps messages that cannot be delivered. */
  readonly deadLetterTargetArn?: string;
}

/** An E.164 number: https://www.itu.int/rec/T-REC-E.164 */
export const PHONE_NUMBER = /^\+[1-9]\d{1,14}$/;

const subscriptionInputs = z.object({
  topic: z.string(),
  protocol: z.string(),
  endpoint: z.string(),
  filterPolicy: z.string().optional(),
  filterPolicyScope: z.enum(["MessageAttributes", "MessageBody"]).optional(),
  rawMessageDelivery: z.boolean().optional(),
  redrivePolicy: z.string().optional(),
});

type SubscriptionInputs = z.infer<typeof subscriptionInputs>;

/**
 * A subscription of the program. E-mail counts as confirmed unless the resource has `pendingConfirmation`; on AWS it is
 * pending until the subscriber confirms.
 * @throws {Error} naming the subscription, but not its endpoint, when AWS would reject it.
 */
function subscriptionOf(resource: Resource): Subscription {
  const parsed = subscriptionInputs.safeParse(resource.inputs);
  if (!parsed.success)
    throw new Error(`${resource.urn}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  const inputs = parsed.data;
  const protocol = PROTOCOLS.find((known) => known === inputs.protocol);
  if (protocol === undefined) {
    throw new NotEmulatedError(`The protocol ${inputs.protocol} of the SNS subscription ${resource.name}`);
  }
  checkEndpoint(resource, protocol, inputs);
  const filterPolicy = filterPolicyOf(resource, inputs);
  const deadLetterTargetArn = deadLetterTargetOf(resource, inputs.redrivePolicy);
  const { arn, pendingConfirmation } = resource.outputs;
  return {
    urn: resource.urn,
    arn: typeof arn === "string" ? arn : `${inputs.topic}:${resource.name}`,
    topicArn: inputs.topic,
    isPending: pendingConfirmation === true,
    protocol,
    endpoint: inputs.endpoint,
    filtersBody: inputs.filterPolicyScope === "MessageBody",
    isRaw: inputs.rawMessageDelivery === true,
    ...(filterPolicy === undefined ? {} : { filterPolicy }),
    ...(inputs.filterPolicy === undefined ? {} : { filterPolicyText: inputs.filterPolicy }),
    ...(deadLetterTargetArn === undefined ? {} : { deadLetterTargetArn }),
  };
}

function checkEndpoint(
  resource: Resource,
  protocol: Subscription["protocol"],
  inputs: SubscriptionInputs,
): void {
  const endpoint = {
    sms: { schema: z.string().regex(PHONE_NUMBER), allowed: "a phone number in E.164 form" },
    email: { schema: z.email(), allowed: "an e-mail address" },
    "email-json": { schema: z.email(), allowed: "an e-mail address" },
    lambda: { schema: z.string().startsWith("arn:aws:lambda:"), allowed: "a function's ARN" },
    sqs: { schema: z.string().startsWith("arn:aws:sqs:"), allowed: "a queue's ARN" },
  }[protocol];
  if (!endpoint.schema.safeParse(inputs.endpoint).success) {
    throw new Error(
      `${resource.urn}: endpoint (not shown) is not a valid ${protocol} endpoint; allowed: ${endpoint.allowed}`,
    );
  }
  if (inputs.rawMessageDelivery === true && protocol !== "sqs") {
    throw new Error(`${resource.urn}: rawMessageDelivery is true; ${protocol} subscriptions do not have it`);
  }
}

function filterPolicyOf(resource: Resource, inputs: SubscriptionInputs): FilterPolicy | undefined {
  const { filterPolicy, filterPolicyScope } = inputs;
  if (filterPolicy === undefined || filterPolicy === "") return undefined;
  try {
    return parseFilterPolicy(filterPolicy, filterPolicyScope);
  } catch (cause) {
    if (!(cause instanceof FilterPolicyError)) throw cause;
    throw new Error(`${resource.urn}: filterPolicy: ${cause.message}`, { cause });
  }
}

function deadLetterTargetOf(resource: Resource, redrivePolicy: string | undefined): string | undefined {
  if (redrivePolicy === undefined) return undefined;
  try {
    return z.object({ deadLetterTargetArn: z.string() }).parse(JSON.parse(redrivePolicy)).deadLetterTargetArn;
  } catch (cause) {
    throw new Error(`${resource.urn}: redrivePolicy is not JSON with deadLetterTargetArn`, { cause });
  }
}

/** A subscription in the output of SNS. https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html */
interface ListedSubscription {
  /** `PendingConfirmation` until its owner confirms. */
  readonly SubscriptionArn: string;
  readonly Owner: string;
  readonly Protocol: string;
  readonly Endpoint: string;
  readonly TopicArn: string;
}

export function listed(
  { arn, isPending, protocol, endpoint, topicArn }: Subscription,
  accountId: string,
): ListedSubscription {
  return {
    SubscriptionArn: isPending ? "PendingConfirmation" : arn,
    Owner: accountId,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  };
}
