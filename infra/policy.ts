import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement that allows exact actions on exact resources. `resources` are ARNs. */
export interface Grant {
  readonly actions: readonly [string, ...string[]];
  readonly resources: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, pulumi.Input<string>>>>>;
}

/** An IAM policy document that allows what `grants` say and nothing else. */
export function policyDocument(grants: readonly Grant[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: grants.map(({ actions, resources, condition }) => ({
      Effect: "Allow",
      Action: actions,
      Resource: resources,
      ...(condition && { Condition: condition }),
    })),
  });
}

/** A role that only `service` may assume, with one inline policy; returns both, for others must wait for the policy. */
export function createRole(
  name: string,
  service: string,
  grants: readonly Grant[],
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
      }),
    },
    opts,
  );
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: policyDocument(grants) }, opts);
  return { role, policy };
}
