import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html */
export function getQueryExecution({ graph, executions }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueryExecutionId: z.string() }),
    permissions: ({ QueryExecutionId }) => [
      workgroupPermission(graph, "GetQueryExecution", executions.find(QueryExecutionId).workgroup.name),
    ],
    run({ QueryExecutionId }) {
      const execution = executions.find(QueryExecutionId);
      return {
        QueryExecution: {
          QueryExecutionId,
          Query: execution.text,
          QueryExecutionContext: { Database: execution.database },
          ExecutionParameters: execution.parameters,
          ResultConfiguration: { OutputLocation: execution.outputLocation },
          WorkGroup: execution.workgroup.name,
          Status: {
            State: execution.state,
            StateChangeReason: execution.reason,
            SubmissionDateTime: execution.submittedAt,
            CompletionDateTime: execution.completedAt,
          },
          Statistics: { DataScannedInBytes: execution.result?.bytesScanned ?? 0 },
        },
      };
    },
  });
}
