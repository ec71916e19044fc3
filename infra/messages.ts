import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Alerting, Wording } from "../config/config.ts";
import type { StormwireConfig } from "../config/schema.ts";
import type { Content, NotifyEvent, NotifyReport, ScheduledMessage } from "../handlers/notify.ts";
import type { Drill } from "../handlers/weather/alerts/drill.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import type { AlertTopic } from "./alert-topic.ts";
import { HandlerFunction } from "./function.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";

export interface MessagesArgs {
  readonly messages: StormwireConfig["messages"];
  readonly topic: AlertTopic;
  readonly lake: LakeBucket;
  readonly locations: readonly Location[];
  readonly alerting: Pick<Alerting, "rules" | "rulesByLocation">;
  readonly wording: Wording;
  readonly logRetentionDays: number;
}

/** The part of the messages in config that the handler needs. The schedules decide when they are due. */
export function scheduledMessages(messages: StormwireConfig["messages"]): Record<string, ScheduledMessage> {
  return Object.fromEntries(
    Object.entries(messages).map(([key, { text, drill, audience }]) => [
      key,
      { ...contentOf(text, drill), audience },
    ]),
  );
}

/** Config has exactly one of text, drill and digest. */
function contentOf(text: string | undefined, drill: Drill | undefined): Content {
  if (text !== undefined) return { kind: "text", text };
  return drill === undefined ? { kind: "digest" } : { kind: "drill", ...drill };
}

/** Expression of EventBridge Scheduler. Config has exactly one of the three. */
export function scheduleExpression({ cron, rate, at }: StormwireConfig["messages"][string]): string {
  if (cron !== undefined) return `cron(${cron})`;
  return rate !== undefined ? `rate(${rate})` : `at(${at})`;
}

/**
 * When Scheduler, and Lambda after it, discard a message that could not be sent: a late message is worse than none. The
 * defaults are a day for Scheduler and six hours for Lambda.
 */
const GIVEN_UP_AFTER_SECONDS = 15 * 60;

/** What Scheduler takes at most: the age alone decides. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const RETRIES_OF_SCHEDULER = 185;

/** Point-in-time messages and digests: one EventBridge schedule per entry of `messages:`, in its own time zone. */
export class Messages extends pulumi.ComponentResource {
  readonly function: HandlerFunction<NotifyEvent, NotifyReport>;

  constructor(name: string, args: MessagesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Messages", name, {}, opts);
    const parent = this;

    const notify = createFunction();
    createInvokeConfig();
    const { role, policy } = createRole(
      "scheduler",
      "scheduler",
      [{ actions: ["lambda:InvokeFunction"], resources: [notify.function.arn] }],
      { parent },
    );
    const group = createGroup();
    for (const [key, message] of Object.entries(args.messages)) {
      createSchedule(key, message);
    }
    this.function = notify;
    this.registerOutputs();

    function createFunction() {
      const { locations, wording } = args;
      const { rules, rulesByLocation } = args.alerting;
      const messages = scheduledMessages(args.messages);
      const topicArn = args.topic.topic.arn;
      const bucketName = args.lake.bucket.bucket;
      return new HandlerFunction<NotifyEvent, NotifyReport>(
        "notify",
        {
          callbackFactory: () => {
            const handler = import("#handlers/notify").then((m) =>
              m.createNotifyHandler({
                topicArn: topicArn.get(),
                bucketName: bucketName.get(),
                messages,
                locations,
                rules,
                rulesByLocation,
                ...wording,
              }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [
            ...args.topic.publishGrants(),
            args.lake.grant("state/alerts/", "s3:GetObject"),
            args.lake.objectGrant("state/stations.json", "s3:GetObject"),
            ...drillGrants(),
            ...args.lake.onFailureGrants(),
          ],
          description: "Publishes scheduled messages and the digest",
          timeoutSeconds: 60,
          memoryMegabytes: 256,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }

    function createInvokeConfig() {
      return new aws.lambda.FunctionEventInvokeConfig(
        "notify",
        {
          functionName: notify.function.name,
          maximumEventAgeInSeconds: GIVEN_UP_AFTER_SECONDS,
          maximumRetryAttempts: 2, // Lambda's own, after one minute and after two
          destinationConfig: { onFailure: { destination: args.lake.bucket.arn } },
        },
        { parent, dependsOn: [notify.policy] }, // refused until the role may write there
      );
    }

    function drillGrants(): Grant[] {
      const drills = Object.values(args.messages).some(({ drill }) => drill !== undefined);
      if (!drills) return [];
      return [
        ...args.lake.capGrants(),
        args.lake.objectGrant("state/drills.json", "s3:GetObject", "s3:PutObject"),
      ];
    }

    function createGroup() {
      return new aws.scheduler.ScheduleGroup(name, {}, { parent });
    }

    function createSchedule(key: string, message: StormwireConfig["messages"][string]) {
      return new aws.scheduler.Schedule(
        key,
        {
          groupName: group.name,
          scheduleExpression: scheduleExpression(message),
          scheduleExpressionTimezone: message.timeZone,
          // DELETE would remove an `at` schedule outside of Pulumi, and the next update would create it again.
          actionAfterCompletion: "NONE",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: notify.function.arn,
            roleArn: role.arn,
            input: JSON.stringify({ message: key, scheduledTime: "<aws.scheduler.scheduled-time>" }),
            retryPolicy: {
              maximumEventAgeInSeconds: GIVEN_UP_AFTER_SECONDS,
              maximumRetryAttempts: RETRIES_OF_SCHEDULER,
            },
          },
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}
