import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Gold as it is in the files, whoever wrote them. */
export interface Gold {
  /** `name TYPE`, in the order of the files; the partition `day` last. */
  readonly columns: readonly string[];
  /** By day, place and time. Doubles as they are, times as text. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads every Parquet file of a bucket's gold, partition by partition. */
export async function readGold(bucketDirectory: string): Promise<Gold> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const files = join(bucketDirectory, "gold/observations/*/*.parquet").replaceAll("'", "''");
    const reader = await connection.runAndReadAll(
      `SELECT * FROM read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false)
       ORDER BY day, location, observed_at`,
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
