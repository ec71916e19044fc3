import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownAccount } from "./account.ts";

/** One statement that allows exact actions on exact resources. `resources` are ARNs. */
export interface Grant {
  readonly actions: readonly [string, ...string[]];
  readonly resources: readonly [pulumi.Input<string>, ...pulumi.Input<string>[]];
  /** Operator -> key -> values, of which one is enough. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string> | readonly string[]>>>
  >;
}

/** An IAM policy document that allows exactly the `grants`. */
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

/** AWS services that assume roles of the program. */
export type ActingService = "glue" | "lambda" | "scheduler";

/**
 * The condition on the account for which a service assumes a role. Scheduler documents that it sends the account:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * Glue and Lambda do not document it, and a role that cannot be assumed stops the pipeline. So a request without an
 * account is allowed and one for another account is denied. Both accept only roles of their own account (`iam:PassRole`).
 */
const SOURCE_ACCOUNT: Readonly<Record<ActingService, "StringEquals" | "StringEqualsIfExists">> = {
  scheduler: "StringEquals",
  glue: "StringEqualsIfExists",
  lambda: "StringEqualsIfExists",
};

/**
 * A role that only `service` may assume, for this account, with one inline policy; returns both, for others must wait for
 * the policy.
 */
export function createRole(
  name: string,
  service: ActingService,
  grants: readonly Grant[],
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: `${service}.amazonaws.com` },
            Condition: { [SOURCE_ACCOUNT[service]]: { "aws:SourceAccount": ownAccount() } },
          },
        ],
      }),
    },
    opts,
  );
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: policyDocument(grants) }, opts);
  return { role, policy };
}
