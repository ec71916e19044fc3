import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetDatabase.html */
export function getDatabase({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ CatalogId: z.string().optional(), Name: z.string() }),
    permissions: ({ Name }) => catalogPermissions(graph, "GetDatabase", Name),
    run({ Name }) {
      if (!catalog.databaseNames().includes(Name)) {
        throw new AwsError("EntityNotFoundException", `Database ${Name} not found.`);
      }
      return { Database: { Name, CatalogId: graph.accountId } };
    },
  });
}
