import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./policy.ts";
import { createTopicPolicy, type PublishingServices } from "./topic-policy.ts";

export interface OpsTopicArgs {
  /** Mailbox that hears of alarms and silent stations; nobody does without it. */
  readonly email: string | undefined;
}

const PUBLISHERS: PublishingServices = { cloudwatch: "alarm:*" };

/** The topic of those who run the pipeline; people at the places never hear it. */
export class OpsTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;

  constructor(name: string, args: OpsTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:OpsTopic", name, {}, opts);

    const topic = new aws.sns.Topic(name, {}, { parent: this });
    createTopicPolicy(name, topic, PUBLISHERS, this);
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

  publishGrant(): Grant {
    return { actions: ["sns:Publish"], resources: [this.topic.arn] };
  }
}
