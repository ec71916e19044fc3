import type { Permission, Principal } from "../endpoint/operation.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import type { ConditionContext } from "./condition.ts";
import {
  type Caller,
  type Decision,
  delegatesToAccount,
  evaluateIdentity,
  evaluateResource,
  type Grant,
  grantKey,
  grantsFor,
  matchingStatements,
} from "./evaluate.ts";
import { parsePolicy, type Statement } from "./policy.ts";
import { rolePoliciesOf } from "./role-policies.ts";

/** The part of a request, besides its permission, that policies depend on. */
interface RequestScope {
  /** Signing name of the called service, which is the `kms:ViaService` of a `kms:` permission. */
  readonly service: string;
  /** Policy document on the resource, where it has one. */
  readonly resourcePolicy?: unknown;
}

/** A grant of a role's policies that let at least one request through. */
export interface GrantUse extends Grant {
  readonly roleArn: string;
}

export interface Authorizer {
  decide(principal: Principal, permission: Permission, scope: RequestScope): Decision;
  /** The grants of the roles' policies that were used so far, in the order of first use. */
  uses(): readonly GrantUse[];
}

/**
 * IAM's decision within one account: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * Throws NotEmulatedError or PolicyDocumentError for role policies that it cannot evaluate.
 */
export function createAuthorizer(graph: Graph): Authorizer {
  const rolePolicies = rolePoliciesOf(graph);
  const keyPolicies = keyPoliciesOf(graph);
  const uses = new Map<string, GrantUse>();

  function decide(principal: Principal, permission: Permission, scope: RequestScope): Decision {
    const { roleArn } = principal;
    if (roleArn === undefined) return { allowed: true, explicit: false };
    const context = conditionContext(graph, roleArn, permission, scope);
    const caller: Caller = { accountId: graph.accountId, arns: [roleArn, principal.arn] };
    const statements = rolePolicies.get(roleArn) ?? [];
    const identity = evaluateIdentity(statements, permission, context);
    const keyPolicy = keyPolicies.get(permission.resource);
    const onResource =
      scope.resourcePolicy === undefined
        ? (keyPolicy ?? [])
        : parsePolicy(scope.resourcePolicy, `resource ${permission.resource}`);
    const resource = evaluateResource(onResource, permission, caller, context);
    if (identity === "deny" || resource === "deny") return { allowed: false, explicit: true };
    // An identity policy applies to a KMS key only where the key's policy delegates the decision to the account.
    const identityCounts =
      keyPolicy === undefined || delegatesToAccount(keyPolicy, permission, caller, context);
    const byIdentity = identity === "allow" && identityCounts;
    if (byIdentity)
      recordUse(roleArn, grantsFor(matchingStatements(statements, permission, context), permission));
    return { allowed: resource === "allow" || byIdentity, explicit: false };
  }

  function recordUse(roleArn: string, grants: readonly Grant[]): void {
    for (const grant of grants) {
      const key = `${roleArn} ${grantKey(grant)}`;
      if (!uses.has(key)) uses.set(key, { roleArn, ...grant });
    }
  }

  return { decide, uses: () => [...uses.values()] };
}

/** The key policies of the program. A key without one has AWS's default policy, which delegates every decision to IAM. */
function keyPoliciesOf(graph: Graph): ReadonlyMap<string, readonly Statement[]> {
  return new Map(
    resourcesOfType(graph, "aws:kms/key:Key")
      .filter(({ inputs }) => inputs.policy !== undefined)
      .map(({ name, inputs, outputs }) => [
        String(outputs.arn),
        parsePolicy(inputs.policy, `KMS key ${name}`),
      ]),
  );
}

function conditionContext(
  graph: Graph,
  roleArn: string,
  { conditions = {} }: Permission,
  { service }: RequestScope,
): ConditionContext {
  return {
    // Calls on loopback never leave the machine, so they satisfy policies that require TLS.
    "aws:securetransport": "true",
    "aws:principalarn": roleArn,
    "aws:principalaccount": graph.accountId,
    "aws:resourceaccount": graph.accountId,
    "aws:requestedregion": graph.region,
    "aws:principalisawsservice": "false",
    "kms:viaservice": `${service}.${graph.region}.amazonaws.com`,
    "kms:calleraccount": graph.accountId,
    // These keys exist only in calls that AWS services make for a resource.
    "aws:sourcearn": undefined,
    "aws:sourceaccount": undefined,
    // This key exists only in calls that list a bucket.
    "s3:prefix": undefined,
    ...conditions,
  };
}
