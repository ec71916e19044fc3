import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetPreparedStatement.html */
export function getPreparedStatement({ graph, preparedStatement }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ StatementName: z.string(), WorkGroup: z.string() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "GetPreparedStatement", WorkGroup)],
    run: ({ StatementName, WorkGroup }) => ({
      PreparedStatement: preparedStatement(WorkGroup, StatementName),
    }),
  });
}
