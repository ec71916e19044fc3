import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownArn } from "./place.ts";
import type { Grant } from "./policy.ts";
import { createTopicPolicy } from "./topic-policy.ts";

export interface OpsTopicArgs {
  /** Mailbox that hears of alarms and silent stations; nobody does without it. */
  readonly email: string | undefined;
}

/** The topic of those who run the pipeline; people at the places never hear it. */
export class OpsTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string, args: OpsTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:OpsTopic", name, {}, opts);

    const topic = new aws.sns.Topic(name, {}, { parent: this });
    if (args.email !== undefined) {
      const endpoint = pulumi.secret(args.email);
      new aws.sns.TopicSubscription(
        name,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }

    this.topic = topic;
    this.registerOutputs({ arn: topic.arn });
  }

  /** Lets AWS publish for alarms, rules, and the stack's bucket. */
  allowPublishers(bucket: aws.s3.Bucket): aws.sns.TopicPolicy {
    return createTopicPolicy(
      "operations",
      this.topic,
      [
        { service: "cloudwatch", sources: [ownArn("cloudwatch", "alarm:*")] },
        // "You can't use Condition blocks in Amazon SNS topic policies for EventBridge":
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
        { service: "events", sources: undefined },
        { service: "s3", sources: [bucket.arn] },
      ],
      this,
    );
  }

  publishGrant(): Grant {
    return { actions: ["sns:Publish"], resources: [this.topic.arn] };
  }
}
