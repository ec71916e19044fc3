import { NotEmulatedError } from "../endpoint/error.ts";
import type { Permission } from "../endpoint/operation.ts";
import { type ConditionContext, conditionsHold, matchesAction, matchesPattern } from "./condition.ts";
import type { Statement } from "./policy.ts";

export interface Decision {
  readonly allowed: boolean;
  /** True when a statement with `Effect: Deny` decided. */
  readonly explicit: boolean;
}

/** What a set of statements says of one request. */
export type Verdict = "allow" | "deny" | "silent";

/** Who a request is made for, as a resource policy's Principal element can name them. */
export interface Caller {
  readonly accountId: string;
  /** Role ARN and session ARN. */
  readonly arns: readonly string[];
}

/** Identity policies: an explicit deny wins over any allow; no match is silence, which means no. */
export function evaluateIdentity(
  statements: readonly Statement[],
  permission: Permission,
  context: ConditionContext,
): Verdict {
  return verdict(matchingStatements(statements, permission, context));
}

/** The statements that speak of a request, whether they allow or deny it. */
export function matchingStatements(
  statements: readonly Statement[],
  permission: Permission,
  context: ConditionContext,
): readonly Statement[] {
  return statements.filter((statement) => matchesRequest(statement, permission, context));
}

/**
 * A resource policy: as identity policies, and the caller must be one of the statement's principals. A grant to the
 * whole account (its root ARN or id) gives roles nothing by itself, a denial to the account reaches every role.
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

/** A resource policy on a call by an AWS service, e.g. `events.amazonaws.com`, which has no identity policies; `*` is everyone, services included. */
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

/** True when a statement allows the whole account, that is, leaves the decision to identity policies. */
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

/** A statement without Resource (trust policies) speaks of the thing it is attached to. */
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

/** What `NotAction` and `NotResource` leave is, for whoever reads a grant, everything. */
const EVERYTHING: readonly string[] = ["*"];

/** A policy taken apart: a grant for each action and resource that it allows. */
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

/** Those of the grants that name what a permission asks for. */
export function grantsFor(statements: readonly Statement[], { action, resource }: Permission): Grant[] {
  return grantsOf(statements).filter(
    (grant) => matchesAction(grant.action, action) && matchesPattern(grant.resource, resource),
  );
}

/** The same text for the same grant. */
export function grantKey({ action, resource, condition }: Grant): string {
  return [action, resource, ...(condition === undefined ? [] : [JSON.stringify(condition)])].join(" ");
}
