import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { keyGrant } from "./key-policy.ts";
import type { Grant } from "./policy.ts";
import { type PublishingService, publishedForThisAccount } from "./publishers.ts";

/** An AWS service that may publish, for what belongs to this account. */
export interface Publisher {
  readonly service: PublishingService;
  /** ARNs of what it publishes for; `*` is any text. Undefined for a service that does not say for what it publishes. */
  readonly sources: readonly pulumi.Input<string>[] | undefined;
}

/** What a role needs to publish to a topic that is encrypted with a key: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export function publishGrants(topic: aws.sns.Topic, key: aws.kms.Key): Grant[] {
  return [
    { actions: ["sns:Publish"], resources: [topic.arn] },
    keyGrant(key, "sns", "kms:GenerateDataKey", "kms:Decrypt"),
  ];
}

/**
 * Replaces a topic's default policy, by which every identity of the account could publish and subscribe whatever its own
 * policies say. Ours lets the named services publish, for the named sources of this account; roles need a grant.
 */
export function createTopicPolicy(
  name: string,
  topic: aws.sns.Topic,
  publishers: readonly Publisher[],
  parent: pulumi.Resource,
): aws.sns.TopicPolicy {
  return new aws.sns.TopicPolicy(
    name,
    {
      arn: topic.arn,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [onlyOverTls(), ...publishers.map(publishing)],
      }),
    },
    { parent },
  );

  function onlyOverTls() {
    return {
      Sid: "OnlyOverTls",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topic.arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
  }

  // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
  function publishing({ service, sources }: Publisher) {
    return {
      Sid: service,
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sns:Publish",
      Resource: topic.arn,
      Condition: {
        ...publishedForThisAccount(service),
        ...(sources && { ArnLike: { "aws:SourceArn": sources } }),
      },
    };
  }
}
