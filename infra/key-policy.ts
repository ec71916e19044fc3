import * as pulumi from "@pulumi/pulumi";
import { ownRoot, regionalService } from "./place.ts";

/**
 * What keeps a key: its settings, its policy, its end. PutKeyPolicy is what AWS wants to find before it makes the key, for
 * a key that nobody may change can be had back through AWS's support only. Encrypt, Decrypt, GenerateDataKey and
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

/** What Kinesis asks for on behalf of who writes and who reads: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html */
const USE_BY_KINESIS = ["kms:Decrypt", "kms:GenerateDataKey"];

/**
 * Policy of the stream's key. Both statements name the account, which by itself allows nobody but its root user: whoever
 * else is to use or keep the key needs the permission by a policy of their own as well. Naming the roles would tie the key
 * to roles that are made after it; so the key says how it may be used, through Kinesis only, and roles' policies by whom.
 */
export function streamKeyPolicy(): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      statement("Administration", ADMINISTRATION),
      {
        ...statement("UseByKinesis", USE_BY_KINESIS),
        Condition: { StringEquals: { "kms:ViaService": regionalService("kinesis") } },
      },
    ],
  });
}

function statement(Sid: string, Action: readonly string[]) {
  // In a key's policy `*` is that key: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
  return { Sid, Effect: "Allow", Principal: { AWS: ownRoot() }, Action, Resource: "*" };
}
