import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetDatabases.html, all on one page */
export function getDatabases({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), MaxResults: z.number().optional() }),
    permissions: () => catalogPermissions(graph, "GetDatabases"),
    run: () => ({
      DatabaseList: catalog.databaseNames().map((Name) => ({ Name, CatalogId: graph.accountId })),
    }),
  });
}
