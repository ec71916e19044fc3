import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SNSEvent } from "aws-lambda";
import { parameterOf } from "../config/checks/webhooks.ts";
import type { StormwireConfig } from "../config/schema.ts";
import { filterPolicy, groupsOf } from "../config/subscribers.ts";
import type { Language } from "../handlers/weather/messages/tags.ts";
import type { WebhookReport } from "../handlers/webhook.ts";
import { stackPath } from "./account.ts";
import type { AlertTopic } from "./alert-topic.ts";
import { HandlerFunction } from "./function.ts";
import type { LakeBucket } from "./lake-bucket.ts";

export type Webhook = StormwireConfig["webhooks"][string];
type WebhookFunction = HandlerFunction<SNSEvent, WebhookReport>;

export interface WebhooksArgs {
  readonly webhooks: StormwireConfig["webhooks"];
  readonly groups: StormwireConfig["groups"];
  readonly topic: AlertTopic;
  readonly lake: LakeBucket;
  /** Of a webhook that names none. */
  readonly language: Language;
  readonly logRetentionDays: number;
}

/** Lambda's own defaults, said because the alarm of a dead letter and docs/webhooks.md count on them. */
const RETRIES = 2;
const MAX_EVENT_AGE_SECONDS = 6 * 60 * 60;

/**
 * One small function an entry of `webhooks:`, subscribed to the topic as people are. A message that its retries do not
 * deliver is kept in the bucket, under `aws/lambda/async/`, with the reason: why there and not in a queue, and why the
 * subscription has no dead-letter queue of its own, is in docs/decisions/0009.
 */
export class Webhooks extends pulumi.ComponentResource {
  /** By name of the function: `webhook-NAME`. */
  readonly functions: Readonly<Record<string, aws.lambda.Function>>;

  constructor(name: string, args: WebhooksArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Webhooks", name, {}, opts);
    const parent = this;

    this.functions = Object.fromEntries(
      Object.entries(args.webhooks).map(([key, webhook]) => [resourceName(key), createWebhook(key, webhook)]),
    );
    this.registerOutputs();

    // Everything is named after the config's own key: adding or removing one webhook touches that webhook only.
    function createWebhook(key: string, webhook: Webhook): aws.lambda.Function {
      const parameter = createParameter(key, webhook);
      const deliver = createFunction(key, webhook, parameter);
      createInvokeConfig(key, deliver);
      subscribe(key, webhook, deliver, createPermission(key, deliver));
      return deliver.function;
    }

    function createParameter(key: string, webhook: Webhook) {
      return new aws.ssm.Parameter(
        resourceName(key),
        {
          name: stackPath(resourceName(key)),
          description: `Where the webhook ${key} delivers, and the key it signs with; read at each message`,
          type: "SecureString",
          value: parameterOf(webhook), // which the type itself makes a secret
        },
        { parent },
      );
    }

    function createFunction(key: string, { format }: Webhook, parameter: aws.ssm.Parameter): WebhookFunction {
      const parameterName = parameter.name;
      return new HandlerFunction<SNSEvent, WebhookReport>(
        resourceName(key),
        {
          callbackFactory: () => {
            const handler = import("#handlers/webhook").then((m) =>
              m.createWebhookHandler({ name: key, format, parameterName: parameterName.get() }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [
            { actions: ["ssm:GetParameter"], resources: [parameter.arn] },
            ...args.lake.onFailureGrants(),
          ],
          description: `Delivers messages to the webhook ${key}`,
          timeoutSeconds: 75, // four attempts and the longest waits between them take 64 s
          memoryMegabytes: 128,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }

    function createInvokeConfig(key: string, deliver: WebhookFunction) {
      return new aws.lambda.FunctionEventInvokeConfig(
        resourceName(key),
        {
          functionName: deliver.function.name,
          maximumRetryAttempts: RETRIES,
          maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
          destinationConfig: { onFailure: { destination: args.lake.bucket.arn } },
        },
        { parent, dependsOn: [deliver.policy] }, // refused until the role may write there
      );
    }

    function createPermission(key: string, deliver: WebhookFunction) {
      return new aws.lambda.Permission(
        resourceName(key),
        {
          action: "lambda:InvokeFunction",
          function: deliver.function.name,
          principal: "sns.amazonaws.com",
          sourceArn: args.topic.topic.arn,
        },
        { parent },
      );
    }

    function subscribe(
      key: string,
      webhook: Webhook,
      deliver: WebhookFunction,
      permission: aws.lambda.Permission,
    ) {
      return new aws.sns.TopicSubscription(
        resourceName(key),
        {
          topic: args.topic.topic.arn,
          protocol: "lambda",
          endpoint: deliver.function.arn,
          filterPolicy: JSON.stringify(
            filterPolicy(key, {
              ...webhook,
              language: webhook.language ?? args.language,
              groups: groupsOf(key, args.groups),
            }),
          ),
        },
        { parent, dependsOn: [permission] }, // SNS drops what it is not allowed to deliver
      );
    }
  }
}

function resourceName(key: string): string {
  return `webhook-${key}`;
}
