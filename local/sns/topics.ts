import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import { FILTER_POLICIES_PER_TOPIC_LIMIT } from "./limits.ts";
import { SUBSCRIPTION_TYPE, type Subscription, subscriptionOf } from "./subscription.ts";

export const TOPIC_TYPE = "aws:sns/topic:Topic";
export const TOPIC_POLICY_TYPE = "aws:sns/topicPolicy:TopicPolicy";

export interface Topic {
  readonly arn: string;
  /** Put before every SMS of the topic. */
  readonly displayName?: string;
  /** ARN of the customer's key that encrypts messages at rest on AWS. */
  readonly kmsKeyArn?: string;
  /** Policy document, JSON text or object. */
  readonly policy?: unknown;
  readonly subscriptions: readonly Subscription[];
}

/**
 * Topics of the program by ARN, with their subscriptions in the order of registration.
 * @throws {Error} naming the subscription that AWS would refuse; NotEmulated naming what the local run lacks.
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
    throw new Error(`${stray.urn}: topic is ${stray.topicArn}; this program makes no such topic`);
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
