import * as z from "zod";
import type { Clock } from "../clock/clock.ts";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import { type GlueRun, runId } from "./run.ts";
import type { Runner } from "./runner.ts";

export const WORKFLOW_TYPE = "aws:glue/workflow:Workflow";
export const TRIGGER_TYPE = "aws:glue/trigger:Trigger";

const actionSchema = z.object({
  jobName: z.string().optional(),
  crawlerName: z.string().optional(),
  arguments: z.record(z.string(), z.string()).default({}),
});

const conditionSchema = z.object({
  logicalOperator: z.literal("EQUALS").default("EQUALS"),
  jobName: z.string().optional(),
  state: z.string().optional(),
  crawlerName: z.string().optional(),
  crawlState: z.string().optional(),
});

const inputsSchema = z.object({
  type: z.enum(["SCHEDULED", "CONDITIONAL", "ON_DEMAND"]),
  workflowName: z.string().optional(),
  schedule: z.string().optional(),
  enabled: z.boolean().default(true),
  predicate: z
    .object({ logical: z.enum(["AND", "ANY"]).default("AND"), conditions: z.array(conditionSchema).min(1) })
    .optional(),
  actions: z.array(actionSchema).min(1),
});

/** A trigger, which starts jobs or crawlers: https://docs.aws.amazon.com/glue/latest/webapi/API_Trigger.html */
interface TriggerDefinition extends z.infer<typeof inputsSchema> {
  readonly name: string;
}
type TriggerAction = z.infer<typeof actionSchema>;
type TriggerCondition = z.infer<typeof conditionSchema>;

/** The triggers of the program. Throws NotEmulatedError naming a trigger and what is not emulated. */
export function triggersOf(graph: Graph): TriggerDefinition[] {
  return resourcesOfType(graph, TRIGGER_TYPE).map((resource) => {
    const name = String(resource.outputs.name ?? resource.name);
    const parsed = inputsSchema.safeParse(resource.inputs);
    if (!parsed.success) throw new NotEmulatedError(`Glue trigger ${name}: ${z.prettifyError(parsed.error)}`);
    return { name, ...parsed.data };
  });
}

export function workflowNamesOf(graph: Graph): string[] {
  return resourcesOfType(graph, WORKFLOW_TYPE).map(({ outputs, name }) => String(outputs.name ?? name));
}

/** A run of a workflow with the runs of its crawlers and jobs. */
export interface WorkflowRun extends GlueRun {
  readonly actions: GlueRun[];
}

export interface WorkflowRunner {
  readonly runs: readonly WorkflowRun[];
  /** Runs a workflow from its start trigger to the end. Throws EntityNotFoundException. */
  run(workflow: string): Promise<WorkflowRun>;
  /** Like {@link run}, but does not wait for the end. */
  start(workflow: string): WorkflowRun;
  /** Fires a scheduled trigger: runs its workflow, or without one its actions and the triggers that follow. */
  fire(trigger: TriggerDefinition): Promise<readonly GlueRun[]>;
  /** Waits for running workflows. */
  stop(): Promise<void>;
}

/** Runs the actions of triggers one after the other, so that every replay is the same. */
export function createWorkflowRunner(options: {
  clock: Clock;
  runner: Runner;
  workflows: readonly string[];
  triggers: readonly TriggerDefinition[];
}): WorkflowRunner {
  const { clock, runner, workflows, triggers } = options;
  const runs: WorkflowRun[] = [];
  const pending = new Set<Promise<WorkflowRun>>();

  /** Fires the trigger, then once each conditional trigger of the workflow whose predicate has become true. */
  async function follow(first: TriggerDefinition, done: GlueRun[]): Promise<void> {
    const fired = new Set([first]);
    let next: TriggerDefinition | undefined = first;
    while (next !== undefined) {
      for (const action of next.actions) done.push(await act(action));
      next = triggers.find(
        (trigger) =>
          trigger.workflowName === first.workflowName && !fired.has(trigger) && isDue(trigger, done),
      );
      if (next !== undefined) fired.add(next);
    }
  }

  async function act(action: TriggerAction): Promise<GlueRun> {
    if (action.crawlerName !== undefined) return await runner.startCrawler(action.crawlerName).ended;
    if (action.jobName !== undefined) return await runner.startJob(action.jobName, action.arguments).ended;
    throw new AwsError("InvalidInputException", "A trigger's action must name a job or a crawler");
  }

  function begin(workflow: string): { run: WorkflowRun; ended: Promise<WorkflowRun> } {
    if (!workflows.includes(workflow))
      throw new AwsError("EntityNotFoundException", `Workflow ${workflow} not found`);
    const first = triggers.find(
      ({ workflowName, type }) => workflowName === workflow && type !== "CONDITIONAL",
    );
    if (first === undefined)
      throw new AwsError("InvalidInputException", `Workflow ${workflow} has no start trigger`);
    const run: WorkflowRun = {
      kind: "workflow",
      name: workflow,
      id: runId("wr", workflow, runs.length),
      state: "RUNNING",
      output: "",
      startedAt: clock.now(),
      actions: [],
    };
    runs.push(run);
    const ended = finish(run, first);
    pending.add(ended);
    void ended.then(() => pending.delete(ended));
    return { run, ended };
  }

  async function finish(run: WorkflowRun, first: TriggerDefinition): Promise<WorkflowRun> {
    try {
      await follow(first, run.actions);
      const failed = run.actions.filter(({ state }) => state === "FAILED");
      run.state = failed.length === 0 ? "SUCCEEDED" : "FAILED";
      if (failed.length > 0)
        run.error = failed.map(({ kind, name, error }) => `${kind} ${name}: ${error}`).join("; ");
    } catch (error) {
      run.state = "FAILED";
      run.error = error instanceof Error ? error.message : String(error);
    }
    run.completedAt = clock.now();
    return run;
  }

  return {
    runs,
    run: (workflow) => begin(workflow).ended,
    start: (workflow) => begin(workflow).run,
    async fire(trigger) {
      if (trigger.workflowName !== undefined) return [await begin(trigger.workflowName).ended];
      const done: GlueRun[] = [];
      await follow(trigger, done);
      return done;
    },
    async stop() {
      await Promise.all(pending);
    },
  };
}

/** Whether the runs so far satisfy the predicate of a conditional trigger. */
function isDue({ type, enabled, predicate }: TriggerDefinition, done: readonly GlueRun[]): boolean {
  if (type !== "CONDITIONAL" || !enabled || predicate === undefined) return false;
  const met = (condition: TriggerCondition) => done.some((run) => isMet(condition, run));
  return predicate.logical === "ANY" ? predicate.conditions.some(met) : predicate.conditions.every(met);
}

function isMet({ jobName, state, crawlerName, crawlState }: TriggerCondition, run: GlueRun): boolean {
  return run.kind === "job"
    ? run.name === jobName && run.state === state
    : run.name === crawlerName && run.state === crawlState;
}
