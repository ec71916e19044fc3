import type { Permission } from "../endpoint/operation.ts";
import type { Delivery } from "./delivery.ts";
import type { SmsAccount } from "./sms-account.ts";
import type { Topic } from "./topics.ts";

/** What the operations of SNS work on. */
export interface SnsContext {
  readonly accountId: string;
  readonly smsAccount: SmsAccount;
  readonly delivery: Delivery;
  findTopic(arn: string): Topic | undefined;
  /** @throws {AwsError} NotFound. */
  topic(arn: string): Topic;
}

/** Publishing to an encrypted topic needs its key, too. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
export function publishPermissions(context: SnsContext, topicArn: string): Permission[] {
  const keyArn = context.findTopic(topicArn)?.kmsKeyArn;
  return [
    { action: "sns:Publish", resource: topicArn },
    ...(keyArn === undefined
      ? []
      : ["kms:GenerateDataKey", "kms:Decrypt"].map((action) => ({ action, resource: keyArn }))),
  ];
}
