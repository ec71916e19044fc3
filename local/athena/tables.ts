import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { NotEmulatedError } from "../aws/error.ts";
import type { Catalog } from "../glue/catalog.ts";
import type { CatalogTable, Column } from "../glue/catalog-shapes.ts";
import { formatOf } from "../glue/storage.ts";
import type { QueryTable, TableColumn } from "./engine.ts";

/** The tables of the catalog with their files. `s3Directory` holds a folder for each bucket. */
export async function queryTables(catalog: Catalog, s3Directory: string): Promise<QueryTable[]> {
  const tables = catalog.databaseNames().flatMap((database) => catalog.tables(database));
  return await Promise.all(tables.map((table) => queryTable(catalog, table, s3Directory)));
}

async function queryTable(catalog: Catalog, table: CatalogTable, s3Directory: string): Promise<QueryTable> {
  const format = formatOf(table.StorageDescriptor);
  if (format === undefined) {
    throw new NotEmulatedError(
      `table ${table.Name} read by ${table.StorageDescriptor.SerdeInfo.SerializationLibrary}`,
    );
  }
  const files = await Promise.all(
    locationsOf(catalog, table).map((location) => filesBelow(s3Directory, location)),
  );
  return {
    database: table.DatabaseName,
    name: table.Name,
    columns: table.StorageDescriptor.Columns.map(column),
    partitionKeys: table.PartitionKeys.map(column),
    format,
    files: files.flat(),
  };
}

/** Of a partitioned table Athena sees the partitions that the catalog has, and no other folder. */
function locationsOf(
  catalog: Catalog,
  { DatabaseName, Name, PartitionKeys, StorageDescriptor }: CatalogTable,
): string[] {
  if (PartitionKeys.length === 0) return [StorageDescriptor.Location];
  return catalog.partitions(DatabaseName, Name).map((partition) => partition.StorageDescriptor.Location);
}

function column({ Name, Type }: Column): TableColumn {
  return { name: Name, type: Type };
}

/** Sorted; none when the folder has gone. Hidden files are not the table's. */
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
