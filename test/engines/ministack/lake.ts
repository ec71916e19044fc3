import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";

/** Objects below a prefix, as they are: key -> content in base64, which a failed comparison can print. */
export function objectsBelow(bucketDirectory: string, prefix: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(bucketDirectory, prefix).map((key) => [
      key,
      readFileSync(join(bucketDirectory, key)).toString("base64"),
    ]),
  );
}

/** Raw lines in the order of their hours, without `archive`: arrival and numbering are the stream's. */
export function rawRows(bucketDirectory: string): unknown[] {
  return filesBelow(bucketDirectory, "raw/").flatMap((key) => {
    const text = gunzipSync(readFileSync(join(bucketDirectory, key))).toString("utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => {
      const { archive: _, ...row } = JSON.parse(line);
      return row;
    });
  });
}

/** A table of gold, row by row, without when its rows arrived. */
export async function goldRows(bucketDirectory: string, table: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const files = join(bucketDirectory, `gold/${table}/*/*.parquet`).replaceAll("'", "''");
    const reader = await connection.runAndReadAll(
      `SELECT COLUMNS(name -> name <> 'arrived_at')
       FROM read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false)
       ORDER BY ALL`,
    );
    return {
      columns: reader.columnNames(),
      types: reader.columnTypes().map(String),
      rows: reader.getRowsJson(),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function filesBelow(bucketDirectory: string, prefix: string): string[] {
  const found = globSync(`${prefix}**`, { cwd: bucketDirectory, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(bucketDirectory.length + 1))
    .sort();
}
