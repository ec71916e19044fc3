import { randomUUID } from "node:crypto";
import { AwsError } from "../endpoint/error.ts";
import type { Service } from "../endpoint/operation.ts";
import { createQueryCodec } from "../endpoint/query-codec.ts";
import type { PublishAs } from "../events/targets.ts";
import type { Graph } from "../graph.ts";
import { checkServicePolicy, keyPolicyOf, type ServiceCaller } from "../iam/service-policy.ts";
import type { SendAs } from "../sqs/sqs.ts";
import { createDelivery, type DeliveryFailure, type InvokeFunction } from "./delivery.ts";
import { parseMessage } from "./message.ts";
import {
  getSmsAttributes,
  getSmsSandboxAccountStatus,
  getTopicAttributes,
  listSubscriptionsByTopic,
  publish,
  publishBatch,
  type SnsContext,
} from "./operations.ts";
import type { Outbox } from "./outbox.ts";
import { SMS_PREFERENCES_TYPE, smsAccountOf } from "./sms-account.ts";
import { SUBSCRIPTION_TYPE, TOPIC_POLICY_TYPE, TOPIC_TYPE, type Topic, topicsOf } from "./topics.ts";

/** Resource types that this service emulates. */
export const SNS_RESOURCE_TYPES: readonly string[] = [TOPIC_TYPE, TOPIC_POLICY_TYPE, SUBSCRIPTION_TYPE];

/** SMS cost nothing here, so a spending limit has no effect. Clients can read it. */
export const SNS_INERT_RESOURCE_TYPES: readonly string[] = [SMS_PREFERENCES_TYPE];

export interface LocalSns {
  readonly service: Service;
  readonly topics: ReadonlyMap<string, Topic>;
  /** The messages that a subscriber did not receive so far. */
  readonly failures: readonly DeliveryFailure[];
  /** Publishes as a service of AWS. Throws AuthorizationError when the topic's policy does not allow it. */
  readonly publishAs: PublishAs;
  /** Throws as `publishAs` would, without publishing. */
  checkPublisher(caller: ServiceCaller, topicArn: string): void;
}

/**
 * SNS over the topics and subscriptions of `graph`. SMS and e-mail go to the outbox, functions are invoked, queues are sent to.
 * @throws {Error} naming the subscription that AWS would reject, or whose function or queue cannot be reached.
 */
export function createSns(options: {
  graph: Graph;
  now: () => Date;
  outbox: Outbox;
  invokeFunction?: InvokeFunction;
  /** Sends to the queues that subscribe. */
  sendToQueue?: SendAs;
  /** Whether the account reports that it is in the SMS sandbox. SMS reach the outbox in either case. */
  isInSmsSandbox?: boolean;
}): LocalSns {
  const { graph, now, outbox, invokeFunction, sendToQueue, isInSmsSandbox = false } = options;
  const topics = topicsOf(graph);
  const subscriptions = [...topics.values()].flatMap((topic) => topic.subscriptions);
  const uninvoked = subscriptions.find(
    ({ protocol }) => protocol === "lambda" && invokeFunction === undefined,
  );
  if (uninvoked !== undefined)
    throw new Error(`${uninvoked.urn}: createSns has no option invokeFunction for its function`);
  const unsent = subscriptions.find(({ protocol }) => protocol === "sqs" && sendToQueue === undefined);
  if (unsent !== undefined)
    throw new Error(`${unsent.urn}: createSns has no option sendToQueue for its queue`);
  const delivery = createDelivery({ now, outbox, invokeFunction, sendToQueue });
  const context: SnsContext = {
    accountId: graph.accountId,
    smsAccount: smsAccountOf(graph, isInSmsSandbox),
    delivery,
    findTopic: (arn) => topics.get(arn),
    topic(arn) {
      const topic = topics.get(arn);
      if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", { statusCode: 404 });
      return topic;
    },
  };
  const service: Service = {
    signingName: "sns",
    protocol: "query",
    codec: createQueryCodec({
      namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
      mapFields: ["Attributes", "attributes"],
    }),
    operations: {
      GetSMSAttributes: getSmsAttributes(context),
      GetSMSSandboxAccountStatus: getSmsSandboxAccountStatus(context),
      GetTopicAttributes: getTopicAttributes(context),
      ListSubscriptionsByTopic: listSubscriptionsByTopic(context),
      Publish: publish(context),
      PublishBatch: publishBatch(context),
    },
    resourcePolicy: (resource) => topics.get(resource)?.policy,
  };
  const publishAs: PublishAs = async (caller, topicArn, text) => {
    checkService(caller, context.topic(topicArn), graph);
    await delivery.toTopic(context.topic(topicArn), randomUUID(), parseMessage({ Message: text }));
  };
  const checkPublisher: LocalSns["checkPublisher"] = (caller, topicArn) =>
    checkService(caller, context.topic(topicArn), graph);
  return { service, topics, failures: delivery.failures, publishAs, checkPublisher };
}

/**
 * Without a policy, only the account may publish to a topic. The key policy of an encrypted topic must allow the service,
 * too. EventBridge does not send its source ARN: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
 */
function checkService(
  { service, sourceArn }: Parameters<PublishAs>[0],
  { arn, policy, kmsKeyArn }: Topic,
  graph: Graph,
): void {
  const hasSource = service !== "events.amazonaws.com";
  const context = {
    "aws:sourcearn": hasSource ? sourceArn : undefined,
    "aws:sourceaccount": hasSource ? graph.accountId : undefined,
    "kms:viaservice": `sns.${graph.region}.amazonaws.com`,
  };
  const check = (document: unknown, action: string, resource: string) =>
    checkServicePolicy({ service, sourceArn }, { action, resource }, document, context, {
      code: action.startsWith("kms:") ? "KMSAccessDenied" : "AuthorizationError",
      statusCode: action.startsWith("kms:") ? 400 : 403,
    });
  check(policy, "SNS:Publish", arn);
  if (kmsKeyArn === undefined) return;
  const keyPolicy = keyPolicyOf(graph, kmsKeyArn);
  for (const action of ["kms:GenerateDataKey", "kms:Decrypt"]) check(keyPolicy, action, kmsKeyArn);
}
