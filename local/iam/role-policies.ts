import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { AWS_MANAGED_POLICIES } from "./aws-managed-policies.ts";
import { parsePolicy, type Statement } from "./policy.ts";

const MANAGED_BY_AWS = "arn:aws:iam::aws:policy/";

/**
 * Identity policies of every role of the graph, by role ARN: `inlinePolicies`, RolePolicy, and the program's own
 * managed policies or AWS's through RolePolicyAttachment, PolicyAttachment or `managedPolicyArns`.
 * Throws NotEmulatedError for AWS-managed policies whose text is not known here, and for permission boundaries.
 */
export function rolePoliciesOf(graph: Graph): ReadonlyMap<string, readonly Statement[]> {
  const attachments = attachmentsOf(graph);
  return new Map(
    resourcesOfType(graph, "aws:iam/role:Role").map((role) => {
      rejectBoundary(role);
      const attached = attachments
        .filter(({ roleReference }) => refersTo(roleReference, role))
        .map(({ policyArn }) => policyArn);
      const managed = new Set([...attached, ...list(role.inputs.managedPolicyArns)]);
      const statements = [
        ...inlineStatements(role),
        ...rolePolicyStatements(graph, role),
        ...[...managed].flatMap((arn) => managedStatements(graph, role, String(arn))),
      ];
      return [String(role.outputs.arn), statements];
    }),
  );
}

/** Whether `reference`, a name, id or ARN, identifies this role. */
function refersTo(reference: unknown, role: Resource): boolean {
  return [role.outputs.name, role.inputs.name, role.id, role.outputs.arn].includes(reference);
}

function attachmentsOf(graph: Graph): readonly { roleReference: unknown; policyArn: unknown }[] {
  const single = resourcesOfType(graph, "aws:iam/rolePolicyAttachment:RolePolicyAttachment").map(
    ({ inputs, urn }) => {
      ofResource(urn, () => rejectUnknown(String(inputs.policyArn), String(inputs.role)));
      return { roleReference: inputs.role, policyArn: inputs.policyArn };
    },
  );
  const several = resourcesOfType(graph, "aws:iam/policyAttachment:PolicyAttachment").flatMap(({ inputs }) =>
    list(inputs.roles).map((roleReference) => ({ roleReference, policyArn: inputs.policyArn })),
  );
  return [...single, ...several];
}

function inlineStatements(role: Resource): readonly Statement[] {
  return list(role.inputs.inlinePolicies).flatMap((inline) => {
    const policy =
      typeof inline === "object" && inline !== null && "policy" in inline ? inline.policy : undefined;
    return policy === undefined ? [] : parsePolicy(policy, `role ${role.name}`);
  });
}

function rolePolicyStatements(graph: Graph, role: Resource): readonly Statement[] {
  return resourcesOfType(graph, "aws:iam/rolePolicy:RolePolicy")
    .filter(({ inputs }) => refersTo(inputs.role, role))
    .flatMap(({ name, inputs }) => parsePolicy(inputs.policy, `RolePolicy ${name}`));
}

function managedStatements(graph: Graph, role: Resource, policyArn: string): readonly Statement[] {
  if (policyArn.startsWith(MANAGED_BY_AWS)) {
    rejectUnknown(policyArn, role.name);
    return parsePolicy(
      { Statement: AWS_MANAGED_POLICIES[policyArn.slice(MANAGED_BY_AWS.length)] },
      policyArn,
    );
  }
  const policy = resourcesOfType(graph, "aws:iam/policy:Policy").find(
    ({ id, outputs }) => outputs.arn === policyArn || id === policyArn,
  );
  if (policy === undefined) {
    throw new NotEmulatedError(
      `policy ${policyArn} (attached to role ${role.name}), which the program does not define,`,
    );
  }
  return parsePolicy(policy.inputs.policy, `Policy ${policy.name}`);
}

function rejectUnknown(policyArn: string, role: string): void {
  if (isUnknownPolicy(policyArn)) {
    throw new NotEmulatedError(`AWS-managed policy ${policyArn} (attached to role ${role})`);
  }
}

/** Whether a policy is managed by AWS and its text is not known here. */
export function isUnknownPolicy(policyArn: string): boolean {
  return (
    policyArn.startsWith(MANAGED_BY_AWS) &&
    AWS_MANAGED_POLICIES[policyArn.slice(MANAGED_BY_AWS.length)] === undefined
  );
}

function rejectBoundary(role: Resource): void {
  const boundary = role.inputs.permissionsBoundary;
  if (boundary !== undefined)
    throw new NotEmulatedError(`permissions boundary ${boundary} of role ${role.name}`);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
