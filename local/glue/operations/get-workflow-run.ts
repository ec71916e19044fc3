import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetWorkflowRun.html; a run with failed actions is COMPLETED all the same */
export function getWorkflowRun({ graph, workflows }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string(), RunId: z.string(), IncludeGraph: z.boolean().optional() }),
    permissions: ({ Name }) => [gluePermission(graph, "GetWorkflowRun", `workflow/${Name}`)],
    run({ Name, RunId }) {
      const run = workflows.runs.find(({ name, id }) => name === Name && id === RunId);
      if (run === undefined) throw new AwsError("EntityNotFoundException", `Workflow run ${RunId} not found`);
      const count = (state: string) => run.actions.filter((action) => action.state === state).length;
      return {
        Run: {
          Name,
          WorkflowRunId: RunId,
          Status: run.state === "RUNNING" ? "RUNNING" : "COMPLETED",
          ErrorMessage: run.error,
          StartedOn: run.startedAt,
          CompletedOn: run.completedAt,
          Statistics: {
            TotalActions: run.actions.length,
            SucceededActions: count("SUCCEEDED"),
            FailedActions: count("FAILED"),
            RunningActions: count("RUNNING"),
          },
        },
      };
    },
  });
}
