import type { Clock } from "../../clock/clock.ts";
import type { Permission } from "../../endpoint/operation.ts";
import type { Graph } from "../../graph.ts";
import type { Catalog } from "../catalog.ts";
import type { Runner } from "../runner.ts";
import type { WorkflowRunner } from "../workflow-runner.ts";

/** The state that the operations share. */
export interface GlueContext {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly runner: Runner;
  readonly workflows: WorkflowRunner;
}

/**
 * Glue requires permission for an action on the catalog, the database and the table:
 * https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html#data-catalog-resource-arns
 */
export function catalogPermissions(
  graph: Graph,
  action: string,
  database?: string,
  table?: string,
): Permission[] {
  const resources = ["catalog"];
  if (database !== undefined) resources.push(`database/${database}`);
  if (database !== undefined && table !== undefined) resources.push(`table/${database}/${table}`);
  return resources.map((resource) => gluePermission(graph, action, resource));
}

/** Permission on `crawler/NAME`, `job/NAME` or `workflow/NAME`. */
export function gluePermission(graph: Graph, action: string, resource: string): Permission {
  return {
    action: `glue:${action}`,
    resource: `arn:aws:glue:${graph.region}:${graph.accountId}:${resource}`,
  };
}
