import type { Graph } from "../../local/graph.ts";
import { type ActionPattern, actionPatterns } from "./action-patterns.ts";
import { type ResourceRow, resourcePolicies } from "./resource-policies.ts";
import { type RoleTable, roleTables } from "./roles.ts";

/** Who may do what in one stack of a program. */
export interface IamReport {
  readonly stack: string;
  readonly roles: readonly RoleTable[];
  readonly resources: readonly ResourceRow[];
  readonly wide: readonly WideGrant[];
  readonly patterns: readonly ActionPattern[];
}

/** An action that is allowed on every resource. */
interface WideGrant {
  readonly role: string;
  readonly action: string;
}

/** X-Ray has no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const WITHOUT_RESOURCES = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

export function iamReport(graph: Graph): IamReport {
  const roles = roleTables(graph);
  const resources = resourcePolicies(graph);
  const patterns = actionPatterns(graph, resources);
  return { stack: graph.stack, roles, resources, wide: wideGrants(roles), patterns };
}

/** Whether the policies break least privilege: an action with a `*`, or a grant on every resource. */
export function isTooWide({ wide, patterns }: IamReport): boolean {
  return patterns.length > 0 || wide.length > 0;
}

/** Grants on `*`, except for actions that AWS allows on `*` only. */
function wideGrants(roles: readonly RoleTable[]): WideGrant[] {
  return roles.flatMap(({ role, rows }) =>
    rows
      .filter(({ arns }) => arns.includes("*"))
      .flatMap(({ actions }) => actions.filter((action) => !WITHOUT_RESOURCES.includes(action)))
      .map((action) => ({ role, action })),
  );
}
