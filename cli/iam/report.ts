import type { Graph } from "../../local/graph.ts";
import { type ActionPattern, actionPatterns } from "./action-patterns.ts";
import { type ResourceRow, resourcePolicies } from "./resource-policies.ts";
import { LISTS_THE_BUCKET, ON_EVERYTHING, type Reviewed, reviewOf } from "./reviewed.ts";
import { type RoleTable, roleTables } from "./roles.ts";

/** Who may do what, of a program and one of its stacks. */
export interface IamReport {
  readonly stack: string;
  readonly roles: readonly RoleTable[];
  readonly resources: readonly ResourceRow[];
  readonly wide: readonly WideGrant[];
  readonly patterns: readonly ActionPattern[];
}

/** A grant on all there is, of a service or of the bucket's list; `review` says why, if anybody has said so. */
export interface WideGrant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly review: Reviewed | undefined;
}

export function iamReport(graph: Graph): IamReport {
  const roles = roleTables(graph);
  const resources = resourcePolicies(graph);
  const patterns = actionPatterns(graph, resources);
  return { stack: graph.stack, roles, resources, wide: wideGrants(roles), patterns };
}

/** What nobody should deploy before somebody has looked at it. */
export function isQuestionable({ wide, patterns }: IamReport): boolean {
  return patterns.length > 0 || wide.some(({ review }) => review === undefined);
}

function wideGrants(roles: readonly RoleTable[]): WideGrant[] {
  return roles.flatMap(({ role, rows }) =>
    rows.flatMap(({ actions, arns, condition }) =>
      actions.flatMap((action) =>
        arns
          .filter((arn) => arn === "*" || (action === "s3:ListBucket" && condition === ""))
          .map((resource) => {
            const list = resource === "*" ? ON_EVERYTHING : LISTS_THE_BUCKET;
            return { role, action, resource, review: reviewOf(list, { role, action, resource }) };
          }),
      ),
    ),
  );
}
