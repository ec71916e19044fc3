import { GetTablesCommand, type Table } from "@aws-sdk/client-glue";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import type { Clients } from "../deployment/clients.ts";

export async function tablesOf({ glue }: Clients, graph: Graph): Promise<Table[]> {
  const tables: Table[] = [];
  for (const { outputs } of resourcesOfType(graph, "aws:glue/catalogDatabase:CatalogDatabase")) {
    const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: String(outputs.name) }));
    tables.push(...TableList);
  }
  return tables;
}

/** What a query engine knows of a table. */
export function schemaOf({ DatabaseName, Name, StorageDescriptor, PartitionKeys = [], Parameters }: Table) {
  const { Columns = [], Location, InputFormat, SerdeInfo } = StorageDescriptor ?? {};
  const types = (columns: typeof Columns) => columns.map((column) => `${column.Name} ${column.Type}`);
  return {
    table: `${DatabaseName}.${Name}`,
    columns: types(Columns),
    partitionKeys: types(PartitionKeys),
    Location,
    InputFormat,
    serializationLibrary: SerdeInfo?.SerializationLibrary,
    Parameters,
  };
}
