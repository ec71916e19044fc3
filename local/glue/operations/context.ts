import type { Clock } from "../../clock/clock.ts";
import type { Graph } from "../../graph.ts";
import type { Catalog } from "../catalog.ts";
import type { Runner } from "../runner.ts";
import type { WorkflowRunner } from "../workflow-runner.ts";

/** What the operations of Glue work on. */
export interface GlueContext {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly runner: Runner;
  readonly workflows: WorkflowRunner;
}
