import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import type { Creates } from "./resource.ts";

export const IAM: Creates = {
  "aws:iam/role:Role": async ({ iam, name, inputs }) => {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: inputs.get("assumeRolePolicy"),
        Tags: inputs.tagList(),
      }),
    );
    return Role?.Arn;
  },
  "aws:iam/rolePolicy:RolePolicy": async ({ iam, name, inputs }) => {
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: inputs.get("role"),
        PolicyName: name,
        PolicyDocument: inputs.get("policy"),
      }),
    );
    return undefined;
  },
};
