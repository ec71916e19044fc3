import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownRoot, regionalService } from "./account.ts";
import type { Grant } from "./policy.ts";
import { PUBLISHING_SERVICES, publishedForThisAccount } from "./publishers.ts";

/**
 * Administration of the key: its settings, policy and deletion. AWS requires PutKeyPolicy when it creates a key, because
 * only AWS support can recover a key whose policy cannot be changed. Encrypt, Decrypt, GenerateDataKey and
 * CreateGrant, which would hand them on, are not here.
 */
const ADMINISTRATION = [
  "kms:CancelKeyDeletion",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateKeyDescription",
];

/**
 * What Kinesis asks for on behalf of who writes and who reads, and SNS on behalf of who publishes:
 * https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html,
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
const USE = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * Policy of the key of stream and topics. The statements that name the account allow only its root user by themselves:
 * other identities also need the permission in a policy of their own. Naming the roles would
 * tie the key to roles that are made after it; so the key says how it may be used, through Kinesis and SNS only, and roles'
 * policies by whom. The services that publish to a topic have no policy of their own, so they are named.
 */
export function keyPolicy(): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      statement("Administration", ADMINISTRATION),
      {
        ...statement("UseByKinesisAndSns", USE),
        Condition: {
          StringEquals: { "kms:ViaService": [regionalService("kinesis"), regionalService("sns")] },
        },
      },
      ...PUBLISHING_SERVICES.map((service) => ({
        ...statement(service, USE),
        Principal: { Service: `${service}.amazonaws.com` },
        Condition: publishedForThisAccount(service),
      })),
    ],
  });
}

/** Use of the key by a role, through one service only. */
export function keyGrant(
  key: aws.kms.Key,
  service: "kinesis" | "sns",
  ...actions: [string, ...string[]]
): Grant {
  return {
    actions,
    resources: [key.arn],
    condition: { StringEquals: { "kms:ViaService": regionalService(service) } },
  };
}

function statement(Sid: string, Action: readonly string[]) {
  // In a key's policy `*` is that key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
  return { Sid, Effect: "Allow", Principal: { AWS: ownRoot() }, Action, Resource: "*" };
}
