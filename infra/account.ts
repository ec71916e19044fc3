import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * ARN of what the stack's account has in the stack's region, by service and the rest, e.g. `ownArn("logs", "log-group:/a*")`.
 * Its beginning is the partition's: `aws`, but for China and GovCloud.
 */
export function ownArn(service: string, rest: string): pulumi.Output<string> {
  const { partition } = aws.getPartitionOutput();
  const { region } = aws.getRegionOutput();
  return pulumi.interpolate`arn:${partition}:${service}:${region}:${ownAccount()}:${rest}`;
}

/** In a policy: every identity of the account that has the permission by a policy of its own. */
export function ownRoot(): pulumi.Output<string> {
  return pulumi.interpolate`arn:${aws.getPartitionOutput().partition}:iam::${ownAccount()}:root`;
}

export function ownAccount(): pulumi.Output<string> {
  return aws.getCallerIdentityOutput().accountId;
}

/** What `kms:ViaService` says of a service of this region, e.g. `kinesis.us-east-1.amazonaws.com`. */
export function regionalService(service: string): pulumi.Output<string> {
  return pulumi.interpolate`${service}.${aws.getRegionOutput().region}.${aws.getPartitionOutput().dnsSuffix}`;
}

/** Name of a log group or a parameter of this stack, e.g. `/stormwire/dev/alert`. */
export function stackPath(rest: string): string {
  return `/${pulumi.getProject()}/${pulumi.getStack()}/${rest}`;
}
