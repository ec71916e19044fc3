import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html; a query that has ended stays as it is */
export function stopQueryExecution({ graph, executions }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueryExecutionId: z.string() }),
    permissions: ({ QueryExecutionId }) => [
      workgroupPermission(graph, "StopQueryExecution", executions.find(QueryExecutionId).workgroup.name),
    ],
    run({ QueryExecutionId }) {
      executions.cancel(QueryExecutionId);
      return {};
    },
  });
}
