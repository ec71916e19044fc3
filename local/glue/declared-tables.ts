import * as z from "zod";
import { NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import type { Catalog, Column, TableInput } from "./catalog.ts";

export const TABLE_TYPE = "aws:glue/catalogTable:CatalogTable";

const columnSchema = z.strictObject({ name: z.string(), type: z.string(), comment: z.string().optional() });

/** https://www.pulumi.com/registry/packages/aws/api-docs/glue/catalogtable/ */
const inputsSchema = z.strictObject({
  name: z.string().optional(),
  databaseName: z.string(),
  description: z.string().optional(),
  tableType: z.literal("EXTERNAL_TABLE", "a table that is not EXTERNAL_TABLE is not emulated"),
  parameters: z.record(z.string(), z.string()).default({}),
  partitionKeys: z.array(columnSchema).default([]),
  storageDescriptor: z.strictObject({
    location: z.string(),
    inputFormat: z.string(),
    outputFormat: z.string(),
    serDeInfo: z.strictObject({
      serializationLibrary: z.string(),
      parameters: z.record(z.string(), z.string()).optional(),
    }),
    columns: z.array(columnSchema),
    compressed: z.boolean().optional(),
    parameters: z.record(z.string(), z.string()).optional(),
  }),
});

interface DeclaredTable {
  readonly database: string;
  readonly input: TableInput;
}

/**
 * Adds the tables that the program declares to the catalog, as `pulumi up` does. An existing table gets the declared
 * definition and keeps its partitions. Throws NotEmulatedError naming a table and what is not emulated.
 */
export async function declareTables(catalog: Catalog, graph: Graph, now: Date): Promise<void> {
  for (const { database, input } of declaredTablesOf(graph)) {
    const existing = catalog.hasTable(database, input.Name)
      ? catalog.table(database, input.Name)
      : { CreateTime: now };
    const { CreateTime } = existing;
    await catalog.putTable({ ...input, DatabaseName: database, CreateTime, UpdateTime: now });
  }
}

function declaredTablesOf(graph: Graph): DeclaredTable[] {
  return resourcesOfType(graph, TABLE_TYPE).map(({ inputs, outputs, name }) => {
    const Name = String(outputs.name ?? name);
    const parsed = inputsSchema.safeParse(inputs);
    if (!parsed.success) throw new NotEmulatedError(`Glue table ${Name}: ${z.prettifyError(parsed.error)}`);
    return { database: parsed.data.databaseName, input: tableInput(Name, parsed.data) };
  });
}

function tableInput(Name: string, inputs: z.infer<typeof inputsSchema>): TableInput {
  const { location, inputFormat, outputFormat, serDeInfo, columns, compressed, parameters } =
    inputs.storageDescriptor;
  return {
    Name,
    ...(inputs.description !== undefined && { Description: inputs.description }),
    TableType: inputs.tableType,
    Parameters: inputs.parameters,
    PartitionKeys: inputs.partitionKeys.map(column),
    StorageDescriptor: {
      Columns: columns.map(column),
      Location: location,
      InputFormat: inputFormat,
      OutputFormat: outputFormat,
      ...(compressed !== undefined && { Compressed: compressed }),
      SerdeInfo: {
        SerializationLibrary: serDeInfo.serializationLibrary,
        ...(serDeInfo.parameters !== undefined && { Parameters: serDeInfo.parameters }),
      },
      ...(parameters !== undefined && { Parameters: parameters }),
    },
  };
}

function column({ name, type, comment }: z.infer<typeof columnSchema>): Column {
  return { Name: name, Type: type, ...(comment !== undefined && { Comment: comment }) };
}
