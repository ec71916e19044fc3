import { NotEmulatedError } from "../endpoint/error.ts";
import type { CatalogTable, Column } from "./catalog.ts";
import {
  addPartitions,
  type CrawlContext,
  type ExistingTable,
  existingTable,
  glue,
  inheritSchema,
  putTable,
  reportDeleted,
} from "./crawl-catalog.ts";
import { type InferredTable, inferTable, listKeys } from "./crawl-files.ts";
import type { CrawlerDefinition, TableTarget } from "./crawler-definition.ts";
import {
  type CrawlTarget,
  formatOf,
  layOut,
  type PartitionFolder,
  parseTarget,
  storageOf,
  type TableLayout,
  TableLayoutError,
  tableName,
} from "./table-layout.ts";

/** Runs a crawler: reads the files with its role, and updates the tables and partitions of the catalog. */
export async function crawl(context: CrawlContext, crawler: CrawlerDefinition): Promise<void> {
  for (const target of crawler.targets) await crawlFolder(context, crawler, target);
  for (const target of crawler.tables) await crawlTable(context, crawler, target);
}

/** Creates or updates the table of one folder. */
async function crawlFolder(
  context: CrawlContext,
  crawler: CrawlerDefinition,
  target: CrawlTarget,
): Promise<void> {
  const { databaseName } = crawler;
  await glue(context, "GetDatabase", { Name: databaseName });
  const name = tableName(target, crawler.tablePrefix);
  const location = `s3://${target.bucket}/${target.prefix}`;
  const existing = await existingTable(context, databaseName, name);
  if (existing !== undefined && existing.table.StorageDescriptor.Location !== location) {
    throw new NotEmulatedError(
      `crawler ${crawler.name} over ${location}, whose table ${name} has the location ${existing.table.StorageDescriptor.Location},`,
    );
  }
  const layout = layOut(target, await listKeys(context, crawler, target));
  const onlyNew = crawler.recrawlBehavior === "CRAWL_NEW_FOLDERS_ONLY" && existing !== undefined;
  const folders = onlyNew && layout.partitionKeys.length > 0 ? newFolders(layout, existing) : layout.folders;
  const inferred = await inferTable(context, target, { ...layout, folders });
  if (inferred === undefined) {
    context.log(`INFO : Nothing to classify below ${location}`);
  } else {
    const { partitionKeys } = layout;
    await record(context, crawler, {
      databaseName,
      name,
      existing,
      layout,
      inferred,
      location,
      partitionKeys,
    });
  }
  await reportDeleted(context, crawler, existing, layout.folders);
}

/** Adds new partitions to an existing table, and updates its schema if the crawler's policy allows. */
async function crawlTable(
  context: CrawlContext,
  crawler: CrawlerDefinition,
  { databaseName, name }: TableTarget,
): Promise<void> {
  const existing = await existingTable(context, databaseName, name);
  if (existing === undefined)
    throw new TableLayoutError(`table ${name} of database ${databaseName} does not exist`);
  const { table } = existing;
  const target = parseTarget(table.StorageDescriptor.Location);
  const layout = layOut(target, await listKeys(context, crawler, target));
  const inferred = await inferTable(context, target, layout);
  if (inferred === undefined) {
    context.log(`INFO : Nothing to classify below ${table.StorageDescriptor.Location}`);
  } else if (inferred.format !== formatOf(table.StorageDescriptor)) {
    context.log(`WARN : Files of table ${name} are ${inferred.format}; the table is not changed`);
  } else {
    const { StorageDescriptor, PartitionKeys: partitionKeys } = table;
    checkPartitionKeys(table, layout.partitionKeys);
    const location = StorageDescriptor.Location;
    await record(context, crawler, {
      databaseName,
      name,
      existing,
      layout,
      inferred,
      location,
      partitionKeys,
    });
  }
  await reportDeleted(context, crawler, existing, layout.folders);
}

interface CrawledTable {
  readonly databaseName: string;
  readonly name: string;
  readonly existing: ExistingTable | undefined;
  readonly layout: TableLayout;
  readonly inferred: InferredTable;
  readonly location: string;
  readonly partitionKeys: readonly Column[];
}

/** Writes the result to the catalog, as far as the crawler's policy allows. */
async function record(context: CrawlContext, crawler: CrawlerDefinition, found: CrawledTable): Promise<void> {
  const { databaseName, name, existing, layout, partitionKeys } = found;
  const descriptor = storageOf(found.inferred, found.location);
  const current = await putTable(context, crawler, databaseName, existing?.table, {
    Name: name,
    StorageDescriptor: descriptor,
    PartitionKeys: [...partitionKeys],
    Parameters: descriptor.Parameters ?? {},
  });
  if (partitionKeys.length === 0) return;
  await addPartitions(context, databaseName, name, newFolders(layout, existing), current);
  await inheritSchema(context, existing, current);
}

function newFolders(layout: TableLayout, existing: ExistingTable | undefined): PartitionFolder[] {
  const known = new Set(existing?.partitions.map(({ StorageDescriptor }) => StorageDescriptor.Location));
  return layout.folders.filter(({ location }) => !known.has(location));
}

function checkPartitionKeys({ Name, PartitionKeys }: CatalogTable, found: readonly { Name: string }[]): void {
  const names = (keys: readonly { Name: string }[]) => keys.map((key) => key.Name).join("/");
  if (names(PartitionKeys) === names(found)) return;
  throw new TableLayoutError(
    `table ${Name} is partitioned by "${names(PartitionKeys)}", its folders by "${names(found)}"`,
  );
}
