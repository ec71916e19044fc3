import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import type { Statement } from "../backend.ts";
import { withArns } from "../statements.ts";
import { arnsOf } from "./arns.ts";
import { answered, type Making, policyOf, TAG_LIST } from "./making.ts";

/** A user, who needs no session, stands for a caller. */
export async function makeCaller(
  making: Making,
  own: string,
  statements: readonly Statement[],
): Promise<void> {
  const { makers, cleanup, prefix, callers } = making;
  const { iam } = makers;
  const UserName = `${prefix}-${own}`;
  cleanup.add(`user ${UserName}`, () => iam.send(new DeleteUserCommand({ UserName })));
  const { User } = await iam.send(new CreateUserCommand({ UserName, Tags: TAG_LIST }));
  if (statements.length > 0) {
    const PolicyName = "line";
    const PolicyDocument = policyOf(statements.map((each) => withArns(each, arnsOf(making))));
    cleanup.add(`policy of user ${UserName}`, () =>
      iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })),
    );
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId, SecretAccessKey } = answered(AccessKey, "AccessKey");
  const accessKeyId = answered(AccessKeyId, "AccessKeyId");
  cleanup.add(`key of user ${UserName}`, () =>
    iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId })),
  );
  callers.set(own, {
    arn: answered(User?.Arn, "Arn"),
    credentials: { accessKeyId, secretAccessKey: answered(SecretAccessKey, "SecretAccessKey") },
  });
}
