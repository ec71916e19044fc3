import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** At most 50 ids: https://docs.aws.amazon.com/athena/latest/APIReference/API_BatchGetNamedQuery.html */
const IDS_LIMIT = 50;

export function batchGetNamedQuery({ graph, namedQueries }: AthenaContext): Operation {
  const found = (ids: readonly string[]) =>
    namedQueries.filter(({ NamedQueryId }) => ids.includes(NamedQueryId));
  return defineOperation({
    input: z.strictObject({ NamedQueryIds: z.array(z.string()).min(1).max(IDS_LIMIT) }),
    permissions: ({ NamedQueryIds }) =>
      found(NamedQueryIds).map(({ WorkGroup }) =>
        workgroupPermission(graph, "BatchGetNamedQuery", WorkGroup),
      ),
    run({ NamedQueryIds }) {
      const NamedQueries = found(NamedQueryIds);
      const unknown = NamedQueryIds.filter(
        (id) => !NamedQueries.some(({ NamedQueryId }) => NamedQueryId === id),
      );
      return {
        NamedQueries,
        UnprocessedNamedQueryIds: unknown.map((NamedQueryId) => ({
          NamedQueryId,
          ErrorCode: "INVALID_INPUT",
        })),
      };
    },
  });
}
