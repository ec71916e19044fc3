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

/** What of a request, beside its permission, policies can see. */
interface RequestScope {
  /** Signing name of the service that is called; a `kms:` permission comes "via" it. */
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
  /** What of the roles' policies was needed so far, in the order of first use. */
  uses(): readonly GrantUse[];
}

/**
 * IAM's decision within one account: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * Throws NotEmulatedError or PolicyDocumentError at once for role policies it cannot judge.
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
    // A KMS key's policy has the last word: an identity policy counts only where it leaves the decision to the account.
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

/** Key policies that the program wrote; a key without one has AWS's default, which leaves everything to IAM. */
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
    // Loopback has no TLS and needs none: nothing leaves the machine, so "TLS only" policies are met.
    "aws:securetransport": "true",
    "aws:principalarn": roleArn,
    "aws:principalaccount": graph.accountId,
    "aws:resourceaccount": graph.accountId,
    "aws:requestedregion": graph.region,
    "aws:principalisawsservice": "false",
    "kms:viaservice": `${service}.${graph.region}.amazonaws.com`,
    "kms:calleraccount": graph.accountId,
    // Only calls that AWS services make for someone carry these.
    "aws:sourcearn": undefined,
    "aws:sourceaccount": undefined,
    // Only what lists a bucket carries it.
    "s3:prefix": undefined,
    ...conditions,
  };
}
