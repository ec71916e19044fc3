import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import { tableInputSchema } from "../catalog-shapes.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_CreateTable.html */
export function createTable({ graph, clock, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableInput: tableInputSchema,
    }),
    permissions: ({ DatabaseName, TableInput }) =>
      catalogPermissions(graph, "CreateTable", DatabaseName, TableInput.Name),
    async run({ DatabaseName, TableInput }) {
      if (catalog.hasTable(DatabaseName, TableInput.Name)) {
        throw new AwsError("AlreadyExistsException", `Table ${TableInput.Name} already exists.`);
      }
      const now = clock.now();
      await catalog.putTable({ ...TableInput, DatabaseName, CreateTime: now, UpdateTime: now });
      return {};
    },
  });
}
