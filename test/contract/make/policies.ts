import { StartStreamEncryptionCommand, waitUntilStreamExists } from "@aws-sdk/client-kinesis";
import { CreateKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { ResourceStatement } from "../backend.ts";
import { withArns } from "../statements.ts";
import { arnsOf } from "./arns.ts";
import { answered, known, type Making, policyOf, TAGS } from "./making.ts";

/** KMS keeps a key for a week at least before it deletes it, and does not bill it meanwhile. */
export const KEY_DELETION_DAYS = 7;

function policy(making: Making, statements: readonly ResourceStatement[]): string {
  return policyOf(statements.map((each) => withArns(each, arnsOf(making))));
}

export async function putBucketPolicy(
  making: Making,
  own: string,
  statements: readonly ResourceStatement[],
): Promise<void> {
  const { clients, prefix } = making;
  const Policy = policy(making, statements);
  await clients.s3.send(new PutBucketPolicyCommand({ Bucket: `${prefix}-${own}`, Policy }));
}

export async function putTopicPolicy(
  making: Making,
  own: string,
  statements: readonly ResourceStatement[],
): Promise<void> {
  const { clients, topicArns } = making;
  await clients.sns.send(
    new SetTopicAttributesCommand({
      TopicArn: known(topicArns, own),
      AttributeName: "Policy",
      AttributeValue: policy(making, statements),
    }),
  );
}

/** Encrypts a stream with a key of its own, which its account administers and these statements are about. */
export async function encryptStream(
  making: Making,
  own: string,
  statements: readonly ResourceStatement[],
): Promise<void> {
  const { clients, makers, cleanup, prefix } = making;
  const [, , , , account] = known(making.streamArns, own).split(":");
  const administration = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const ofLine = statements.map((each) => withArns(each, arnsOf(making)));
  const { KeyMetadata } = await makers.kms.send(
    new CreateKeyCommand({
      Description: `${prefix}-${own}`,
      Policy: policyOf([administration, ...ofLine]),
      Tags: Object.entries(TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    }),
  );
  const KeyId = answered(KeyMetadata?.Arn, "Arn");
  cleanup.add(`key ${KeyId}`, () =>
    makers.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: KEY_DELETION_DAYS })),
  );
  const StreamName = `${prefix}-${own}`;
  await clients.kinesis.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId }));
  await waitUntilStreamExists(
    { client: clients.kinesis, maxWaitTime: 120, minDelay: 1, maxDelay: 2 },
    { StreamName },
  );
}
