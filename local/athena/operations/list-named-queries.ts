import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ListNamedQueries.html, all on one page */
export function listNamedQueries({ graph, namedQueries }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ WorkGroup: z.string().default("primary"), MaxResults: z.number().optional() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "ListNamedQueries", WorkGroup)],
    run({ WorkGroup }) {
      const ids = namedQueries
        .filter((query) => query.WorkGroup === WorkGroup)
        .map(({ NamedQueryId }) => NamedQueryId);
      return { NamedQueryIds: ids };
    },
  });
}
