import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import { tableInputSchema } from "../catalog-shapes.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_UpdateTable.html */
export function updateTable({ graph, clock, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableInput: tableInputSchema,
    }),
    permissions: ({ DatabaseName, TableInput }) =>
      catalogPermissions(graph, "UpdateTable", DatabaseName, TableInput.Name),
    async run({ DatabaseName, TableInput }) {
      const { CreateTime } = catalog.table(DatabaseName, TableInput.Name);
      await catalog.putTable({ ...TableInput, DatabaseName, CreateTime, UpdateTime: clock.now() });
      return {};
    },
  });
}
