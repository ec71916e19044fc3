import * as z from "zod";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";

const columnSchema = z.object({ name: z.string(), type: z.string() });

const tableSchema = z.object({
  name: z.string(),
  databaseName: z.string(),
  storageDescriptor: z.object({
    location: z.string().regex(/^s3:\/\//),
    serDeInfo: z.object({
      serializationLibrary: z.string(),
      parameters: z.record(z.string(), z.string()).default({}),
    }),
    columns: z.array(columnSchema),
  }),
  partitionKeys: z.array(columnSchema).default([]),
  parameters: z.record(z.string(), z.string()).default({}),
});

/** A table of the Glue catalog as the program declares it. */
export type GlueTable = z.infer<typeof tableSchema>;

export const GLUE_TABLE_TYPE = "aws:glue/catalogTable:CatalogTable";

/** Whether partitions are computed, and not looked up in the catalog. */
export function isProjected({ parameters }: GlueTable): boolean {
  return parameters["projection.enabled"] === "true";
}

/** Every table that the program declares. Throws when one is not declared in full. */
export function tablesOfGraph(graph: Graph): GlueTable[] {
  return resourcesOfType(graph, GLUE_TABLE_TYPE).map(({ inputs }) => tableSchema.parse(inputs));
}
