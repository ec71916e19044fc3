import { join } from "node:path";
import { nextRun, parseScheduleExpression } from "../../lib/schedule-expression.ts";
import { type Cancel, type Clock, recur } from "../clock/clock.ts";
import type { Gateway, Service } from "../endpoint/operation.ts";
import type { ServiceEvent } from "../events/rules.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import type { RoleAssumer } from "../iam/identities.ts";
import { type Catalog, openCatalog } from "./catalog.ts";
import { CRAWLER_TYPE, crawlersOf } from "./crawler-definition.ts";
import { declareTables, TABLE_TYPE } from "./declared-tables.ts";
import { JOB_TYPE, jobsOf } from "./job.ts";
import { glueOperations } from "./operations/index.ts";
import type { GlueRun } from "./run.ts";
import { createRunner } from "./runner.ts";
import {
  createWorkflowRunner,
  TRIGGER_TYPE,
  triggersOf,
  WORKFLOW_TYPE,
  type WorkflowRun,
  workflowNamesOf,
} from "./workflow-runner.ts";

const DATABASE_TYPE = "aws:glue/catalogDatabase:CatalogDatabase";

/** Resource types that this service emulates. */
export const GLUE_RESOURCE_TYPES: readonly string[] = [
  CRAWLER_TYPE,
  DATABASE_TYPE,
  JOB_TYPE,
  TABLE_TYPE,
  TRIGGER_TYPE,
  WORKFLOW_TYPE,
];

interface GlueOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Used by runs, but not while Glue is created. */
  readonly gateway: Gateway;
  readonly identities: RoleAssumer;
  readonly endpointUrl: () => string;
  /** The output folder of the run, which contains the catalog in `glue/catalog.json`. */
  readonly directory: string;
  /** Receives the events that Glue sends to EventBridge. */
  readonly onEvent?: (event: ServiceEvent) => Promise<void>;
}

export interface Glue {
  readonly service: Service;
  readonly catalog: Catalog;
  /** Schedules triggers and crawlers on the clock, as background tasks. */
  start(): void;
  /** Runs a workflow to its end. The state of the result is its outcome. Throws EntityNotFoundException. */
  startWorkflow(name: string): Promise<WorkflowRun>;
  readonly workflowNames: readonly string[];
  /** The runs of crawlers and jobs in the order of their start, then those of workflows. Failed runs have an error. */
  runs(): readonly GlueRun[];
  stop(): Promise<void>;
}

/** Glue over the resources of `graph`. Throws NotEmulatedError naming a resource that is not emulated. */
export async function createGlue(options: GlueOptions): Promise<Glue> {
  const { graph, clock, directory } = options;
  const databases = resourcesOfType(graph, DATABASE_TYPE).map(({ outputs, name }) =>
    String(outputs.name ?? name),
  );
  const catalog = await openCatalog(join(directory, "glue", "catalog.json"), databases);
  await declareTables(catalog, graph, clock.now());
  const crawlers = crawlersOf(graph);
  const onEnded = async (run: GlueRun) => {
    const event = stateChange(run);
    if (event !== undefined) await options.onEvent?.(event);
  };
  const triggers = triggersOf(graph);
  const workflowNames = workflowNamesOf(graph);
  const runner = createRunner({ ...options, crawlers, jobs: jobsOf(graph), onEnded });
  const workflows = createWorkflowRunner({ clock, runner, workflows: workflowNames, triggers });
  const cancels: Cancel[] = [];

  function schedule(expression: string, fire: () => Promise<unknown>): void {
    const parsed = parseScheduleExpression(expression);
    const next = (last: Date) => nextRun(parsed, last, "UTC");
    cancels.push(recur(clock, next(clock.now()), next, async () => void (await fire())));
  }

  return {
    service: {
      signingName: "glue",
      protocol: "json",
      operations: glueOperations({ graph, clock, catalog, runner, workflows }),
    },
    catalog,
    workflowNames,
    start() {
      for (const trigger of triggers) {
        if (trigger.type === "SCHEDULED" && trigger.enabled && trigger.schedule !== undefined) {
          schedule(trigger.schedule, () => workflows.fire(trigger));
        }
      }
      for (const { name, schedule: expression } of crawlers) {
        if (expression !== undefined) schedule(expression, () => runner.startCrawler(name).ended);
      }
    },
    startWorkflow: (name) => workflows.run(name),
    runs: () => [...runner.runs, ...workflows.runs],
    async stop() {
      for (const cancel of cancels) cancel();
      await runner.stop();
      await workflows.stop();
    },
  };
}

/**
 * The event that Glue sends to EventBridge when a crawler or job ends; workflows send none. The retries of a job are one
 * run here, while AWS sends an event for each attempt.
 * https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
 */
export function stateChange({ kind, name, id, state, error = "" }: GlueRun): ServiceEvent | undefined {
  const source = "aws.glue";
  const hasFailed = state === "FAILED";
  if (kind === "job") {
    const message = hasFailed ? error : "Job run succeeded";
    const severity = hasFailed ? "ERROR" : "INFO";
    const detail = { jobName: name, severity, state, jobRunId: id, message };
    return { source, detailType: "Glue Job State Change", detail };
  }
  if (kind !== "crawler") return undefined;
  const failure = { state: "Failed", message: "Crawler Failed", errorMessage: error };
  const detail = {
    crawlerName: name,
    ...(hasFailed ? failure : { state: "Succeeded", message: "Crawler Succeeded" }),
  };
  return { source, detailType: "Glue Crawler State Change", detail };
}
