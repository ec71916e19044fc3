import { NotEmulatedError } from "../endpoint/error.ts";
import type { Permission } from "../endpoint/operation.ts";
import { type ConditionContext, conditionsHold, matchesAction, matchesPattern } from "./condition.ts";
import type { Statement } from "./policy.ts";

export interface Decision {
  readonly allowed: boolean;
  /** True when a statement with `Effect: Deny` decided. */
  readonly explicit: boolean;
}

/** The effect of a set of statements on one request. */
export type Verdict = "allow" | "deny" | "silent";

/** The caller of a request, as the Principal element of a resource policy can name it. */
export interface Caller {
  readonly accountId: string;
  /** Role ARN and session ARN. */
  readonly arns: readonly string[];
}

/** Evaluates identity policies. An explicit deny overrides any allow; without a match the verdict is `silent`. */
export function evaluateIdentity(
  statements: readonly Statement[],
  permission: Permission,
  context: ConditionContext,
): Verdict {
  return verdict(matchingStatements(statements, permission, context));
}

/** The statements that match a request, whether they allow or deny it. */
export function matchingStatements(
  statements: readonly Statement[],
  permission: Permission,
  context: ConditionContext,
): readonly Statement[] {
  return statements.filter((statement) => matchesRequest(statement, permission, context));
}

/**
 * Evaluates a resource policy, whose statements must also name the caller as a principal. A grant to the whole account
 * (its root ARN or id) does not grant anything to roles, but a denial to the account applies to every role.
 */
export function evaluateResource(
  statements: readonly Statement[],
  permission: Permission,
  caller: Caller,
  context: ConditionContext,
): Verdict {
  return verdict(
    statements.filter(
      (statement) => principalMatches(statement, caller) && matchesRequest(statement, permission, context),
    ),
  );
}

/** Evaluates a resource policy for an AWS service, e.g. `events.amazonaws.com`. The principal `*` includes services. */
export function evaluateService(
  statements: readonly Statement[],
  permission: Permission,
  service: string,
  context: ConditionContext,
): Verdict {
  return verdict(
    statements.filter(
      ({ Principal, ...statement }) =>
        (Principal?.Service?.includes(service) || Principal?.AWS?.includes("*")) &&
        matchesRequest(statement, permission, context),
    ),
  );
}

/** True when a statement allows the whole account, and so delegates the decision to identity policies. */
export function delegatesToAccount(
  statements: readonly Statement[],
  permission: Permission,
  { accountId }: Caller,
  context: ConditionContext,
): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === "Allow" &&
      awsPrincipals(statement).some((principal) => isAccount(principal, accountId)) &&
      matchesRequest(statement, permission, context),
  );
}

function verdict(matching: readonly Statement[]): Verdict {
  if (matching.some(({ Effect }) => Effect === "Deny")) return "deny";
  return matching.length > 0 ? "allow" : "silent";
}

function matchesRequest(
  statement: Statement,
  { action, resource }: Permission,
  context: ConditionContext,
): boolean {
  return (
    actionMatches(statement, action) &&
    resourceMatches(statement, resource) &&
    conditionsHold(statement, context)
  );
}

function actionMatches({ Action, NotAction = [] }: Statement, action: string): boolean {
  if (Action !== undefined) return Action.some((pattern) => matchesAction(pattern, action));
  return !NotAction.some((pattern) => matchesAction(pattern, action));
}

/** A statement without Resource, as in a trust policy, applies to the resource that it is attached to. */
function resourceMatches({ Resource, NotResource }: Statement, resource: string): boolean {
  if (Resource !== undefined) return Resource.some((pattern) => matchesPattern(pattern, resource));
  return !(NotResource ?? []).some((pattern) => matchesPattern(pattern, resource));
}

function principalMatches(statement: Statement, caller: Caller): boolean {
  return awsPrincipals(statement).some((principal) => {
    if (principal === "*" || caller.arns.includes(principal)) return true;
    return statement.Effect === "Deny" && isAccount(principal, caller.accountId);
  });
}

function awsPrincipals({ Principal, NotPrincipal }: Statement): readonly string[] {
  if (NotPrincipal !== undefined) throw new NotEmulatedError("IAM element NotPrincipal");
  return Principal?.AWS ?? [];
}

function isAccount(principal: string, accountId: string): boolean {
  return principal === accountId || principal === `arn:aws:iam::${accountId}:root`;
}

/** One action on one resource pattern that a statement allows, both as the statement writes them. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly condition?: Statement["Condition"];
}

/** `NotAction` and `NotResource` are shown as a grant of everything. */
const EVERYTHING: readonly string[] = ["*"];

/** The grants of a policy, one for each action and resource that it allows. */
export function grantsOf(statements: readonly Statement[]): Grant[] {
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action = EVERYTHING, Resource = EVERYTHING, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({
          action,
          resource,
          ...(Condition !== undefined && { condition: Condition }),
        })),
      ),
    );
}

/** The grants that match a permission. */
export function grantsFor(statements: readonly Statement[], { action, resource }: Permission): Grant[] {
  return grantsOf(statements).filter(
    (grant) => matchesAction(grant.action, action) && matchesPattern(grant.resource, resource),
  );
}

/** A text that identifies a grant. */
export function grantKey({ action, resource, condition }: Grant): string {
  return [action, resource, ...(condition === undefined ? [] : [JSON.stringify(condition)])].join(" ");
}
