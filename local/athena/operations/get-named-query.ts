import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetNamedQuery.html */
export function getNamedQuery({ graph, namedQueries }: AthenaContext): Operation {
  const find = (id: string) => {
    const query = namedQueries.find(({ NamedQueryId }) => NamedQueryId === id);
    if (query === undefined) throw new AwsError("InvalidRequestException", `NamedQuery ${id} was not found`);
    return query;
  };
  return defineOperation({
    input: z.strictObject({ NamedQueryId: z.string() }),
    permissions: ({ NamedQueryId }) => [
      workgroupPermission(graph, "GetNamedQuery", find(NamedQueryId).WorkGroup),
    ],
    run: ({ NamedQueryId }) => ({ NamedQuery: find(NamedQueryId) }),
  });
}
