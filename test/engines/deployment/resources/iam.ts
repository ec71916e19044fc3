import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import * as z from "zod";
import { type Creates, resource, tagList, tags } from "../definition.ts";

export const IAM: Creates = {
  "aws:iam/role:Role": resource(
    { assumeRolePolicy: z.string(), tags },
    async ({ iam, name, inputs: { assumeRolePolicy, tags } }) => {
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          AssumeRolePolicyDocument: assumeRolePolicy,
          Tags: tagList(tags),
        }),
      );
      return Role?.Arn;
    },
  ),
  "aws:iam/rolePolicy:RolePolicy": resource(
    { role: z.string(), policy: z.string() },
    async ({ iam, name, inputs: { role, policy } }) => {
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: policy }));
      return undefined;
    },
  ),
};
