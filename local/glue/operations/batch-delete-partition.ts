import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_BatchDeletePartition.html */
export function batchDeletePartition({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      PartitionsToDelete: z.array(z.strictObject({ Values: z.array(z.string()) })),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "BatchDeletePartition", DatabaseName, TableName),
    async run({ DatabaseName, TableName, PartitionsToDelete }) {
      const values = PartitionsToDelete.map(({ Values }) => Values);
      await catalog.removePartitions(DatabaseName, TableName, values);
      return { Errors: [] };
    },
  });
}
