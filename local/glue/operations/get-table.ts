import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html */
export function getTable({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), DatabaseName: z.string(), Name: z.string() }),
    permissions: ({ DatabaseName, Name }) => catalogPermissions(graph, "GetTable", DatabaseName, Name),
    run: ({ DatabaseName, Name }) => ({ Table: catalog.table(DatabaseName, Name) }),
  });
}
