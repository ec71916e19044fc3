import { gunzipSync } from "node:zlib";
import { NotEmulatedError } from "../aws/error.ts";
import type { Gateway, Principal } from "../aws/operation.ts";
import type { CatalogPartition, CatalogTable, Column, StorageDescriptor } from "./catalog-shapes.ts";
import type { CrawlerDefinition } from "./crawler-definition.ts";
import { combine, hiveType, type JsonType, typeOfLines } from "./infer-json.ts";
import { parquetColumns } from "./infer-parquet.ts";
import { storageOf, type TableFormat } from "./storage.ts";
import {
  type CrawlTarget,
  layOut,
  type PartitionFolder,
  TableLayoutError,
  tableName,
} from "./table-layout.ts";

export interface CrawlContext {
  readonly gateway: Gateway;
  /** The crawler's role. */
  readonly principal: Principal;
  readonly log: (line: string) => void;
}

/** BatchCreatePartition takes at most 100: https://docs.aws.amazon.com/glue/latest/webapi/API_BatchCreatePartition.html */
const PARTITION_BATCH = 100;

interface ExistingTable {
  readonly table: CatalogTable;
  readonly partitions: readonly CatalogPartition[];
}

/** One crawl of one target: reads its files as the crawler's role, and brings the catalog's table and partitions up to date. */
export async function crawl(
  context: CrawlContext,
  crawler: CrawlerDefinition,
  target: CrawlTarget,
): Promise<void> {
  const { databaseName } = crawler;
  await glue(context, "GetDatabase", { Name: databaseName });
  const name = tableName(target, crawler.tablePrefix);
  const existing = await existingTable(context, databaseName, name);
  const layout = layOut(target, await listKeys(context, crawler, target));
  const known = new Map(
    existing?.partitions.map((partition) => [partition.StorageDescriptor.Location, partition]),
  );
  const fresh = layout.folders.filter(({ location }) => !known.has(location));
  const onlyNew = crawler.recrawlBehavior === "CRAWL_NEW_FOLDERS_ONLY" && existing !== undefined;
  const folders = onlyNew && layout.partitionKeys.length > 0 ? fresh : layout.folders;
  const inferred = await inferTable(context, target, folders);
  if (inferred === undefined) {
    context.log(`INFO : Nothing to classify below s3://${target.bucket}/${target.prefix}`);
  } else {
    const descriptor = storageOf(inferred, `s3://${target.bucket}/${target.prefix}`);
    const input = {
      Name: name,
      StorageDescriptor: descriptor,
      PartitionKeys: layout.partitionKeys,
      Parameters: descriptor.Parameters,
    };
    const current = await putTable(context, crawler, existing?.table, input);
    if (layout.partitionKeys.length > 0) await addPartitions(context, databaseName, name, fresh, current);
  }
  await noteDeleted(context, crawler, existing, layout.folders);
}

async function existingTable(
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

async function listKeys(
  { gateway, principal }: CrawlContext,
  crawler: CrawlerDefinition,
  target: CrawlTarget,
): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await gateway.call<{
      Contents?: { Key: string; Size: number }[];
      NextContinuationToken?: string;
    }>(principal, "s3", "ListObjectsV2", {
      Bucket: target.bucket,
      Prefix: target.prefix,
      ...(token !== undefined && { ContinuationToken: token }),
    });
    for (const { Key, Size } of page.Contents ?? []) if (Size > 0 && !isHidden(Key)) keys.push(Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return keys.filter((key) => !crawler.excludes(key.slice(target.prefix.length)));
}

/** Spark and Hive keep their own notes (`_SUCCESS`, `.crc`) beside the data. */
function isHidden(key: string): boolean {
  return /^[_.]/.test(key.slice(key.lastIndexOf("/") + 1));
}

async function inferTable(
  { gateway, principal }: CrawlContext,
  target: CrawlTarget,
  folders: readonly PartitionFolder[],
): Promise<{ format: TableFormat; columns: Column[]; compressed: boolean } | undefined> {
  let lines: JsonType | undefined;
  let compressed = false;
  const parquet: Uint8Array[] = [];
  for (const key of folders.flatMap(({ keys }) => keys)) {
    const input = { Bucket: target.bucket, Key: key };
    const { Body } = await gateway.call<{ Body: Uint8Array }>(principal, "s3", "GetObject", input);
    if (Buffer.from(Body.subarray(0, 4)).toString("latin1") === "PAR1") {
      parquet.push(Body);
      continue;
    }
    const gzipped = Body[0] === 0x1f && Body[1] === 0x8b;
    const type = typeOfLines((gzipped ? gunzipSync(Body) : Buffer.from(Body)).toString("utf8"));
    if (type === undefined)
      throw new NotEmulatedError(`a crawler over files other than JSON lines and Parquet (${key})`);
    lines = lines === undefined ? type : combine(lines, type);
    compressed ||= gzipped;
  }
  if (lines !== undefined && parquet.length > 0) {
    throw new TableLayoutError(`s3://${target.bucket}/${target.prefix} holds both JSON and Parquet`);
  }
  if (parquet.length > 0)
    return { format: "parquet", columns: await parquetColumns(parquet), compressed: false };
  if (lines?.kind !== "struct") return undefined;
  const columns = [...lines.members].map(([name, type]) => ({
    Name: name.toLowerCase(),
    Type: hiveType(type),
  }));
  return { format: "json", columns, compressed };
}

/** Returns the table as the catalog has it afterwards. */
async function putTable(
  context: CrawlContext,
  { databaseName, updateBehavior }: CrawlerDefinition,
  existing: CatalogTable | undefined,
  input: { Name: string; StorageDescriptor: StorageDescriptor },
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
      `INFO : Table ${input.Name} has another schema now; left as it is, as the crawler's policy says`,
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

/** Partitions inherit the table's schema: with one of their own, `8` here and `8.2` there would not combine in Athena. */
async function addPartitions(
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

async function noteDeleted(
  context: CrawlContext,
  { databaseName, deleteBehavior }: CrawlerDefinition,
  existing: ExistingTable | undefined,
  folders: readonly PartitionFolder[],
): Promise<void> {
  const present = new Set(folders.map(({ location }) => location));
  const gone =
    existing?.partitions.filter(({ StorageDescriptor }) => !present.has(StorageDescriptor.Location)) ?? [];
  if (existing === undefined || gone.length === 0) return;
  context.log(`INFO : ${gone.length} partitions of table ${existing.table.Name} have no files any more`);
  if (deleteBehavior !== "DELETE_FROM_DATABASE") return;
  await glue(context, "BatchDeletePartition", {
    DatabaseName: databaseName,
    TableName: existing.table.Name,
    PartitionsToDelete: gone.map(({ Values }) => ({ Values })),
  });
}

async function glue<Output>(
  { gateway, principal }: CrawlContext,
  operation: string,
  input: object,
): Promise<Output> {
  return await gateway.call<Output>(principal, "glue", operation, input);
}
