import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { NotEmulatedError } from "../endpoint/error.ts";
import type { Catalog, CatalogTable, Column } from "../glue/catalog.ts";
import { formatOf } from "../glue/table-layout.ts";
import { projectionOf } from "./projection.ts";

export interface TableColumn {
  readonly name: string;
  /** As the Glue catalog writes types: `double`, `struct<a:int>`. */
  readonly type: string;
}

/** A table of the catalog with its files. */
export interface QueryTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly partitionKeys: readonly TableColumn[];
  readonly format: "parquet" | "json";
  /** Whether a line that is not JSON is read as a row of NULL values. Otherwise the query fails. */
  readonly ignoresMalformed?: boolean;
  /** Absolute paths, in which folders `key=value` hold the partition values. */
  readonly files: readonly string[];
  /** Whether partitions are computed, so that Athena does not call GetPartitions. */
  readonly isProjected?: boolean;
}

/** The tables of the catalog with their files at `now`. `s3Directory` contains a folder for each bucket. */
export async function queryTables(catalog: Catalog, s3Directory: string, now: Date): Promise<QueryTable[]> {
  const tables = catalog.databaseNames().flatMap((database) => catalog.tables(database));
  return await Promise.all(tables.map((table) => queryTable(catalog, table, { s3Directory, now })));
}

interface Source {
  readonly s3Directory: string;
  readonly now: Date;
}

async function queryTable(catalog: Catalog, table: CatalogTable, source: Source): Promise<QueryTable> {
  const format = formatOf(table.StorageDescriptor);
  if (format === undefined) {
    throw new NotEmulatedError(
      `table ${table.Name} read by ${table.StorageDescriptor.SerdeInfo.SerializationLibrary}`,
    );
  }
  return {
    database: table.DatabaseName,
    name: table.Name,
    columns: table.StorageDescriptor.Columns.map(column),
    partitionKeys: table.PartitionKeys.map(column),
    format,
    ignoresMalformed: /^true$/i.test(
      table.StorageDescriptor.SerdeInfo.Parameters?.["ignore.malformed.json"] ?? "",
    ),
    ...(await filesOf(catalog, table, source)),
  };
}

/**
 * The files of a table. A partitioned table has the partitions of the catalog and no other folder. A projected table has
 * every folder within the projection, whether or not the catalog contains it.
 */
async function filesOf(
  catalog: Catalog,
  table: CatalogTable,
  { s3Directory, now }: Source,
): Promise<Pick<QueryTable, "files" | "isProjected">> {
  const { DatabaseName, Name, PartitionKeys, StorageDescriptor } = table;
  const projection = projectionOf(table, now);
  if (projection !== undefined) {
    const files = await filesBelow(s3Directory, projection.location);
    const isWithin = (file: string) =>
      projection.has(`s3://${relative(s3Directory, file).replaceAll(sep, "/")}`);
    return { files: files.filter(isWithin), isProjected: true };
  }
  const locations =
    PartitionKeys.length === 0
      ? [StorageDescriptor.Location]
      : catalog.partitions(DatabaseName, Name).map((partition) => partition.StorageDescriptor.Location);
  const files = await Promise.all(locations.map((location) => filesBelow(s3Directory, location)));
  return { files: files.flat(), isProjected: false };
}

function column({ Name, Type }: Column): TableColumn {
  return { name: Name, type: Type };
}

/** The files below a location, sorted; empty when the folder does not exist. Hidden files do not belong to the table. */
async function filesBelow(s3Directory: string, location: string): Promise<string[]> {
  const folder = join(s3Directory, location.replace(/^s3:\/\//, ""));
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !/^[_.]/.test(entry.name));
    return files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
