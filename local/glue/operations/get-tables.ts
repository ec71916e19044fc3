import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetTables.html, all on one page */
export function getTables({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      MaxResults: z.number().optional(),
    }),
    permissions: ({ DatabaseName }) => catalogPermissions(graph, "GetTables", DatabaseName, "*"),
    run: ({ DatabaseName }) => ({ TableList: catalog.tables(DatabaseName) }),
  });
}
