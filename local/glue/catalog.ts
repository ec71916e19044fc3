import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import { timestamp } from "../endpoint/operation.ts";

/** Shapes of the Data Catalog: https://docs.aws.amazon.com/glue/latest/webapi/API_Table.html */
const columnSchema = z.strictObject({
  Name: z.string(),
  Type: z.string(),
  Comment: z.string().optional(),
});
export type Column = z.infer<typeof columnSchema>;

const storageDescriptorSchema = z.strictObject({
  Columns: z.array(columnSchema),
  Location: z.string(),
  InputFormat: z.string(),
  OutputFormat: z.string(),
  Compressed: z.boolean().optional(),
  NumberOfBuckets: z.number().optional(),
  SerdeInfo: z.strictObject({
    SerializationLibrary: z.string(),
    Parameters: z.record(z.string(), z.string()).optional(),
  }),
  Parameters: z.record(z.string(), z.string()).optional(),
  StoredAsSubDirectories: z.boolean().optional(),
});
export type StorageDescriptor = z.infer<typeof storageDescriptorSchema>;

/** The table input of CreateTable and UpdateTable. */
export const tableInputSchema = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  StorageDescriptor: storageDescriptorSchema,
  PartitionKeys: z.array(columnSchema).default([]),
  TableType: z.string().default("EXTERNAL_TABLE"),
  Parameters: z.record(z.string(), z.string()).default({}),
});
export type TableInput = z.infer<typeof tableInputSchema>;

const catalogTableSchema = tableInputSchema.extend({
  DatabaseName: z.string(),
  CreateTime: timestamp(),
  UpdateTime: timestamp(),
});
export type CatalogTable = z.infer<typeof catalogTableSchema>;

export const partitionInputSchema = z.strictObject({
  Values: z.array(z.string()),
  StorageDescriptor: storageDescriptorSchema,
  Parameters: z.record(z.string(), z.string()).optional(),
});

const catalogPartitionSchema = partitionInputSchema.extend({
  DatabaseName: z.string(),
  TableName: z.string(),
  CreationTime: timestamp(),
});
export type CatalogPartition = z.infer<typeof catalogPartitionSchema>;

const fileSchema = z.object({
  databases: z.array(
    z.object({
      name: z.string(),
      tables: z.array(z.object({ table: catalogTableSchema, partitions: z.array(catalogPartitionSchema) })),
    }),
  ),
});

/** The Glue Data Catalog with databases, tables and partitions. A change is on disk before the call is answered. */
export interface Catalog {
  databaseNames(): string[];
  /** The tables of a database. Throws EntityNotFoundException. */
  tables(database: string): CatalogTable[];
  /** Throws EntityNotFoundException. */
  table(database: string, name: string): CatalogTable;
  hasTable(database: string, name: string): boolean;
  /** The partitions of a table, sorted by location. Throws EntityNotFoundException. */
  partitions(database: string, name: string): CatalogPartition[];
  putTable(table: CatalogTable): Promise<void>;
  /** Adds partitions, and replaces those with the same values. */
  putPartitions(database: string, name: string, partitions: readonly CatalogPartition[]): Promise<void>;
  removePartitions(database: string, name: string, values: readonly (readonly string[])[]): Promise<void>;
}

interface StoredTable {
  table: CatalogTable;
  readonly partitions: Map<string, CatalogPartition>;
}

type Databases = Map<string, Map<string, StoredTable>>;

/** Opens the catalog at `path` and adds the named databases. A missing file is an empty catalog. */
export async function openCatalog(path: string, databaseNames: readonly string[]): Promise<Catalog> {
  const databases = await load(path);
  for (const name of databaseNames) if (!databases.has(name)) databases.set(name, new Map());
  let saving: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    saving = saving.then(() => store(path, databases));
    return saving;
  }

  function tablesOf(database: string): Map<string, StoredTable> {
    const tables = databases.get(database);
    if (tables === undefined)
      throw new AwsError("EntityNotFoundException", `Database ${database} not found.`);
    return tables;
  }

  function find(database: string, name: string): StoredTable {
    const stored = tablesOf(database).get(name);
    if (stored === undefined) throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
    return stored;
  }

  return {
    databaseNames: () => [...databases.keys()].sort(),
    tables: (database) => [...tablesOf(database).values()].map(({ table }) => table),
    table: (database, name) => find(database, name).table,
    hasTable: (database, name) => tablesOf(database).has(name),
    partitions: (database, name) => sortedPartitions(find(database, name)),
    async putTable(table) {
      const tables = tablesOf(table.DatabaseName);
      const stored = tables.get(table.Name);
      if (stored === undefined) tables.set(table.Name, { table, partitions: new Map() });
      else stored.table = table;
      await save();
    },
    async putPartitions(database, name, partitions) {
      const stored = find(database, name);
      for (const partition of partitions) stored.partitions.set(partitionId(partition.Values), partition);
      await save();
    },
    async removePartitions(database, name, values) {
      const stored = find(database, name);
      for (const value of values) stored.partitions.delete(partitionId(value));
      await save();
    },
  };
}

export function partitionId(values: readonly string[]): string {
  return JSON.stringify(values);
}

function sortedPartitions({ partitions }: StoredTable): CatalogPartition[] {
  return [...partitions.values()].sort((a, b) =>
    a.StorageDescriptor.Location < b.StorageDescriptor.Location ? -1 : 1,
  );
}

async function load(path: string): Promise<Databases> {
  const text = await readIfThere(path);
  if (text === undefined) return new Map();
  const { databases } = fileSchema.parse(JSON.parse(text));
  return new Map(
    databases.map(({ name, tables }) => [
      name,
      new Map(
        tables.map(({ table, partitions }) => [
          table.Name,
          {
            table,
            partitions: new Map(partitions.map((partition) => [partitionId(partition.Values), partition])),
          },
        ]),
      ),
    ]),
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Writes atomically, so that a run that is killed meanwhile leaves the previous catalog. */
async function store(path: string, databases: Databases): Promise<void> {
  const content: z.input<typeof fileSchema> = {
    databases: [...databases].map(([name, tables]) => ({
      name,
      tables: [...tables.values()].map((stored) => ({
        table: stored.table,
        partitions: sortedPartitions(stored),
      })),
    })),
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(content, null, 1)}\n`);
  await rename(`${path}.new`, path);
}
