import type { Permission } from "../../endpoint/operation.ts";
import type { Graph } from "../../graph.ts";
import type { Executions } from "../executions.ts";
import type { PreparedStatement } from "../prepared-statements.ts";
import type { NamedQuery, Workgroup } from "../workgroups.ts";

/** What the operations of Athena work on. */
export interface AthenaContext {
  readonly graph: Graph;
  readonly executions: Executions;
  readonly workgroup: (name: string) => Workgroup;
  readonly namedQueries: readonly NamedQuery[];
  /** Throws ResourceNotFoundException. */
  readonly preparedStatement: (workgroup: string, name: string) => PreparedStatement;
  readonly preparedStatements: readonly PreparedStatement[];
}

/** Athena's actions are allowed on workgroups: https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html */
export function workgroupPermission(graph: Graph, action: string, workgroup: string): Permission {
  const resource = `arn:aws:athena:${graph.region}:${graph.accountId}:workgroup/${workgroup}`;
  return { action: `athena:${action}`, resource };
}
