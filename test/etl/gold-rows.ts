import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { MemoryLake } from "./memory-lake.ts";

/** What `sql` says over the view `gold`, the Parquet object of that key. */
export async function queryGold(
  lake: MemoryLake,
  key: string,
  sql = "SELECT * FROM gold",
): Promise<Record<string, unknown>[]> {
  const directory = await mkdtemp(join(tmpdir(), "gold-"));
  try {
    const path = join(directory, "gold.parquet");
    await writeFile(path, await lake.read(key));
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(`CREATE VIEW gold AS FROM read_parquet('${path}')`);
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
