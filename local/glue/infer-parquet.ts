import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { NotEmulatedError } from "../endpoint/error.ts";
import type { Column } from "./catalog.ts";

const HIVE_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: "string",
  BOOLEAN: "boolean",
  TINYINT: "tinyint",
  SMALLINT: "smallint",
  INTEGER: "int",
  BIGINT: "bigint",
  FLOAT: "float",
  DOUBLE: "double",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp",
  BLOB: "binary",
};

/** The columns of Parquet files together, by name. Throws NotEmulatedError for a column type the catalog of this run lacks. */
export async function parquetColumns(files: readonly Uint8Array[]): Promise<Column[]> {
  const directory = await mkdtemp(join(tmpdir(), "crawl-"));
  try {
    await Promise.all(files.map((body, index) => writeFile(join(directory, `${index}.parquet`), body)));
    return await describe(join(directory, "*.parquet"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function describe(pattern: string): Promise<Column[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($pattern, union_by_name = true))",
      { pattern },
    );
    return reader
      .getRows()
      .map(([name, type]) => ({ Name: String(name).toLowerCase(), Type: hiveType(String(type)) }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function hiveType(type: string): string {
  if (type.startsWith("DECIMAL")) return type.toLowerCase();
  const hive = HIVE_TYPES[type];
  if (hive === undefined) throw new NotEmulatedError(`a crawler over Parquet columns of type ${type}`);
  return hive;
}
