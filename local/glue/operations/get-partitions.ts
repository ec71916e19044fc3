import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { catalogPermissions } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html, all on one page, without filter expressions */
export function getPartitions({ graph, catalog }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({
      CatalogId: z.string().optional(),
      DatabaseName: z.string(),
      TableName: z.string(),
      MaxResults: z.number().optional(),
    }),
    permissions: ({ DatabaseName, TableName }) =>
      catalogPermissions(graph, "GetPartitions", DatabaseName, TableName),
    run: ({ DatabaseName, TableName }) => ({ Partitions: catalog.partitions(DatabaseName, TableName) }),
  });
}
