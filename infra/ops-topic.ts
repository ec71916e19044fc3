import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./policy.ts";

export interface OpsTopicArgs {
  /** Mailbox that hears of alarms and silent stations; nobody does without it. */
  readonly email: string | undefined;
}

interface Publishers {
  readonly rules: readonly aws.cloudwatch.EventRule[];
  readonly bucket: aws.s3.Bucket;
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

  /**
   * Lets AWS publish for what belongs to the stack: alarms, rules, and the bucket. A topic's own policy takes the place
   * of SNS's default one, which lets in everybody of the account; those with a role have it in their role's policy.
   */
  allowPublishers({ rules, bucket }: Publishers): aws.sns.TopicPolicy {
    const region = aws.getRegionOutput().region;
    const account = aws.getCallerIdentityOutput().accountId;
    const allow = (sid: string, service: string, condition: Record<string, Record<string, unknown>>) => ({
      Sid: sid,
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sns:Publish",
      Resource: this.topic.arn,
      Condition: condition,
    });
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        allow("Alarms", "cloudwatch.amazonaws.com", {
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:cloudwatch:${region}:${account}:alarm:*` },
          StringEquals: { "aws:SourceAccount": account },
        }),
        allow("Events", "events.amazonaws.com", {
          ArnEquals: { "aws:SourceArn": rules.map(({ arn }) => arn) },
        }),
        allow("Bucket", "s3.amazonaws.com", {
          ArnEquals: { "aws:SourceArn": bucket.arn },
          StringEquals: { "aws:SourceAccount": account },
        }),
      ],
    });
    return new aws.sns.TopicPolicy("operations", { arn: this.topic.arn, policy }, { parent: this });
  }

  publishGrant(): Grant {
    return { actions: ["sns:Publish"], resources: [this.topic.arn] };
  }
}
