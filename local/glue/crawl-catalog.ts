import type { Gateway, Principal } from "../endpoint/operation.ts";
import type { CatalogPartition, CatalogTable, StorageDescriptor, TableInput } from "./catalog.ts";
import type { CrawlerDefinition } from "./crawler-definition.ts";
import type { PartitionFolder } from "./table-layout.ts";

export interface CrawlContext {
  readonly gateway: Gateway;
  /** The crawler's role. */
  readonly principal: Principal;
  readonly log: (line: string) => void;
}

/** Batches of partitions have at most 100: https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html */
const PARTITION_BATCH = 100;

export interface ExistingTable {
  readonly table: CatalogTable;
  readonly partitions: readonly CatalogPartition[];
}

export async function existingTable(
  context: CrawlContext,
  database: string,
  name: string,
): Promise<ExistingTable | undefined> {
  try {
    const { Table } = await glue<{ Table: CatalogTable }>(context, "GetTable", {
      DatabaseName: database,
      Name: name,
    });
    const input = { DatabaseName: database, TableName: name };
    const { Partitions } = await glue<{ Partitions: CatalogPartition[] }>(context, "GetPartitions", input);
    return { table: Table, partitions: Partitions };
  } catch (error) {
    if (error instanceof Error && error.name === "EntityNotFoundException") return undefined;
    throw error;
  }
}

/** Creates the table, or updates it if the crawler's policy allows. Returns its descriptor in the catalog. */
export async function putTable(
  context: CrawlContext,
  { updateBehavior }: CrawlerDefinition,
  databaseName: string,
  existing: CatalogTable | undefined,
  input: Omit<TableInput, "TableType">,
): Promise<StorageDescriptor> {
  const wanted = input.StorageDescriptor;
  if (existing === undefined) {
    await glue(context, "CreateTable", { DatabaseName: databaseName, TableInput: input });
    context.log(`INFO : Created table ${input.Name} in database ${databaseName}`);
    return wanted;
  }
  if (isSameSchema(existing.StorageDescriptor, wanted)) return existing.StorageDescriptor;
  if (updateBehavior === "LOG") {
    context.log(
      `INFO : Table ${input.Name} has a different schema now; the crawler's policy does not allow an update`,
    );
    return existing.StorageDescriptor;
  }
  await glue(context, "UpdateTable", { DatabaseName: databaseName, TableInput: input });
  context.log(`INFO : Updated table ${input.Name} in database ${databaseName}`);
  return wanted;
}

function isSameSchema(a: StorageDescriptor, b: StorageDescriptor): boolean {
  const schema = ({ Columns }: StorageDescriptor) =>
    JSON.stringify(Columns.map(({ Name, Type }) => [Name, Type]));
  return schema(a) === schema(b);
}

/** Partitions inherit the table's schema, because Athena cannot combine `8` in one partition with `8.2` in another. */
export async function addPartitions(
  context: CrawlContext,
  database: string,
  table: string,
  folders: readonly PartitionFolder[],
  descriptor: StorageDescriptor,
): Promise<void> {
  for (let from = 0; from < folders.length; from += PARTITION_BATCH) {
    const PartitionInputList = folders.slice(from, from + PARTITION_BATCH).map(({ values, location }) => ({
      Values: [...values],
      StorageDescriptor: { ...descriptor, Location: location },
    }));
    await glue(context, "BatchCreatePartition", {
      DatabaseName: database,
      TableName: table,
      PartitionInputList,
    });
  }
  if (folders.length > 0) context.log(`INFO : Added ${folders.length} partitions to table ${table}`);
}

/** Existing partitions inherit the columns of the table, too. */
export async function inheritSchema(
  context: CrawlContext,
  existing: ExistingTable | undefined,
  current: StorageDescriptor,
): Promise<void> {
  if (existing === undefined) return;
  const { DatabaseName, Name } = existing.table;
  const stale = existing.partitions.filter(
    ({ StorageDescriptor }) => !isSameSchema(StorageDescriptor, current),
  );
  for (let from = 0; from < stale.length; from += PARTITION_BATCH) {
    const Entries = stale
      .slice(from, from + PARTITION_BATCH)
      .map(({ Values, Parameters, StorageDescriptor }) => ({
        PartitionValueList: Values,
        PartitionInput: {
          Values,
          ...(Parameters !== undefined && { Parameters }),
          StorageDescriptor: { ...current, Location: StorageDescriptor.Location },
        },
      }));
    await glue(context, "BatchUpdatePartition", { DatabaseName, TableName: Name, Entries });
  }
  if (stale.length > 0) context.log(`INFO : Updated ${stale.length} partitions of table ${Name}`);
}

export async function reportDeleted(
  context: CrawlContext,
  { deleteBehavior }: CrawlerDefinition,
  existing: ExistingTable | undefined,
  folders: readonly PartitionFolder[],
): Promise<void> {
  const present = new Set(folders.map(({ location }) => location));
  const gone =
    existing?.partitions.filter(({ StorageDescriptor }) => !present.has(StorageDescriptor.Location)) ?? [];
  if (existing === undefined || gone.length === 0) return;
  context.log(`INFO : ${gone.length} partitions of table ${existing.table.Name} no longer have files`);
  if (deleteBehavior !== "DELETE_FROM_DATABASE") return;
  await glue(context, "BatchDeletePartition", {
    DatabaseName: existing.table.DatabaseName,
    TableName: existing.table.Name,
    PartitionsToDelete: gone.map(({ Values }) => ({ Values })),
  });
}

export async function glue<Output>(
  { gateway, principal }: CrawlContext,
  operation: string,
  input: object,
): Promise<Output> {
  return await gateway.call<Output>(principal, "glue", operation, input);
}
