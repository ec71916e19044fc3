import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownArn } from "./account.ts";
import type { Grant } from "./policy.ts";
import { createTopicPolicy, publishGrants } from "./topic-policy.ts";

export interface OpsTopicArgs {
  readonly key: aws.kms.Key;
  /** Mailbox that receives alarms and notices. Without it, they notify no person. */
  readonly email: string | undefined;
}

/** The topic of the people who run the pipeline. Subscribers of alerts receive nothing from it. */
export class OpsTopic extends pulumi.ComponentResource {
  readonly topic: aws.sns.Topic;
  readonly #key: aws.kms.Key;

  constructor(name: string, args: OpsTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:OpsTopic", name, {}, opts);

    const topic = new aws.sns.Topic(name, { kmsMasterKeyId: args.key.arn }, { parent: this });
    if (args.email !== undefined) {
      const endpoint = pulumi.secret(args.email);
      new aws.sns.TopicSubscription(
        name,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }

    this.topic = topic;
    this.#key = args.key;
    this.registerOutputs({ arn: topic.arn });
  }

  /** Lets AWS publish for alarms, rules, and the stack's bucket. */
  allowPublishers(bucket: aws.s3.Bucket): aws.sns.TopicPolicy {
    return createTopicPolicy(
      "operations",
      this.topic,
      [
        { service: "cloudwatch", sources: [ownArn("cloudwatch", "alarm:*")] },
        { service: "events", sources: undefined },
        { service: "s3", sources: [bucket.arn] },
      ],
      this,
    );
  }

  publishGrants(): Grant[] {
    return publishGrants(this.topic, this.#key);
  }
}
