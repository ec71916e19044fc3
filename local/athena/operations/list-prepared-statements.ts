import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ListPreparedStatements.html, all on one page */
export function listPreparedStatements({ graph, preparedStatements }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ WorkGroup: z.string(), MaxResults: z.number().optional() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "ListPreparedStatements", WorkGroup)],
    run: ({ WorkGroup }) => ({
      PreparedStatements: preparedStatements
        .filter(({ WorkGroupName }) => WorkGroupName === WorkGroup)
        .map(({ StatementName }) => ({ StatementName })),
    }),
  });
}
