import { CreateTableCommand, GetTablesCommand, type Table } from "@aws-sdk/client-glue";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import type { Clients } from "../deployment/clients.ts";

/**
 * Adds the tables that the local run's crawler made and the program does not declare: MiniStack takes a crawler and never
 * runs it, and without tables there is nothing to query. Nothing is proven by their being there.
 */
export async function addCrawledTables(
  { glue }: Clients,
  graph: Graph,
  tables: readonly Table[],
): Promise<void> {
  const declared = resourcesOfType(graph, "aws:glue/catalogTable:CatalogTable").map(
    ({ outputs }) => outputs.name,
  );
  for (const { DatabaseName, CreateTime: _, UpdateTime: __, ...TableInput } of tables) {
    if (declared.includes(TableInput.Name)) continue;
    await glue.send(
      new CreateTableCommand({ DatabaseName, TableInput: { ...TableInput, Name: TableInput.Name } }),
    );
  }
}

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
