import * as z from "zod";
import { NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";

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

/** What starts a job or crawler: https://docs.aws.amazon.com/glue/latest/webapi/API_Trigger.html */
export interface TriggerDefinition extends z.infer<typeof inputsSchema> {
  readonly name: string;
}
export type TriggerAction = z.infer<typeof actionSchema>;
export type TriggerCondition = z.infer<typeof conditionSchema>;

/** The triggers of the program. Throws NotEmulatedError naming a trigger and what of it this run lacks. */
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
