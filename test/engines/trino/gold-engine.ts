import { globSync } from "node:fs";
import { join } from "node:path";
import { createEngine, type Engine } from "../../../local/athena/engine.ts";
import type { QueryTable } from "../../../local/athena/tables.ts";
import type { GlueTable } from "./glue-tables.ts";

/** DuckDB in Athena's dialect over the files that the tables' locations have now. `s3Directory` holds a folder a bucket. */
export function openGoldEngine(tables: readonly GlueTable[], s3Directory: string): Promise<Engine> {
  return createEngine({
    directory: s3Directory,
    tables: tables.map((table) => queryTable(table, s3Directory)),
  });
}

function queryTable(table: GlueTable, s3Directory: string): QueryTable {
  const { location, columns } = table.storageDescriptor;
  const folder = join(s3Directory, location.slice("s3://".length));
  return {
    database: table.databaseName,
    name: table.name,
    columns,
    partitionKeys: table.partitionKeys,
    format: "parquet",
    files: globSync("*/*.parquet", { cwd: folder })
      .sort()
      .map((file) => join(folder, file)),
  };
}
