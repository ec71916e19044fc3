import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { TableDefinition } from "../../../etl/table-definition.ts";

/** Gold as it is in the files, whoever wrote them. */
export interface Gold {
  /** `name TYPE`, in the order of the files; the partition `day` last. */
  readonly columns: readonly string[];
  /** By day, then as they lie in its file. Doubles as they are, times as text. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads every Parquet file of a table of a bucket's gold, partition by partition. */
export async function readGold(
  bucketDirectory: string,
  table: TableDefinition["name"] = "observations",
): Promise<Gold> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const files = join(bucketDirectory, "gold", table, "*/*.parquet").replaceAll("'", "''");
    const reader = await connection.runAndReadAll(
      `SELECT * EXCLUDE (file_row_number)
       FROM read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false, file_row_number = true)
       ORDER BY day, file_row_number`,
    );
    const types = reader.columnTypes().map(String);
    return {
      columns: reader.columnNames().map((name, index) => `${name} ${types[index]}`),
      rows: reader.getRowsJson(),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
