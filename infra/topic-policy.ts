import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** An AWS service that may publish, and what of it: the resource part of its ARNs, e.g. `alarm:*`. */
export type PublishingServices = Readonly<Record<string, string>>;

/**
 * Replaces a topic's default policy, by which every identity of the account could publish and subscribe whatever its own
 * policies say. Ours lets the named services publish, for resources of this account and region; roles need a grant.
 */
export function createTopicPolicy(
  name: string,
  topic: aws.sns.Topic,
  services: PublishingServices,
  parent: pulumi.Resource,
): aws.sns.TopicPolicy {
  const account = aws.getCallerIdentityOutput().accountId;
  const region = aws.getRegionOutput().region;
  return new aws.sns.TopicPolicy(
    name,
    {
      arn: topic.arn,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [onlyOverTls(), ...Object.entries(services).map(publishing)],
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
  function publishing([service, resource]: [string, string]) {
    return {
      Sid: service,
      Effect: "Allow",
      Principal: { Service: `${service}.amazonaws.com` },
      Action: "sns:Publish",
      Resource: topic.arn,
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:${service}:${region}:${account}:${resource}` },
      },
    };
  }
}
