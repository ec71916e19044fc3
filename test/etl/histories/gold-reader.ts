import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableNamed } from "../../../etl/tables.ts";
import type { MemoryLake } from "../memory-lake.ts";
import type { Gold, GoldRow } from "./naive-gold.ts";

/** Reads gold as an engine does: every Parquet file below a day's folder is the day. */
export interface GoldReader {
  read(lake: MemoryLake): Promise<Gold>;
  close(): Promise<void>;
}

/** Times come as milliseconds since the epoch. */
export async function createGoldReader(table: string): Promise<GoldReader> {
  const goldKey = new RegExp(`^gold/${table}/day=(\\d{4}-\\d{2}-\\d{2})/[^/]+\\.parquet$`);
  const times = tableNamed(table).columns.filter(({ type }) => type === "timestamp");
  const milliseconds = times.map(({ name }) => `epoch_ms(${name})::DOUBLE AS ${name}`);
  const directory = await mkdtemp(join(tmpdir(), "gold-"));
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const known = new WeakMap<Uint8Array, readonly GoldRow[]>();
  let files = 0;

  async function rowsOf(body: Uint8Array): Promise<readonly GoldRow[]> {
    const rows = known.get(body);
    if (rows !== undefined) return rows;
    // Not the same name twice: DuckDB keeps what it read of a file.
    const path = join(directory, `${files++}.parquet`);
    await writeFile(path, body);
    const reader = await connection.runAndReadAll(
      `SELECT * REPLACE (${milliseconds.join(", ")}) FROM read_parquet('${path}', hive_partitioning = false)`,
    );
    const read = reader.getRowObjectsJson() as GoldRow[];
    known.set(body, read);
    return read;
  }

  return {
    async read(lake) {
      const gold = new Map<string, readonly GoldRow[]>();
      for (const [key, body] of [...lake.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const [, day] = goldKey.exec(key) ?? [];
        if (day !== undefined) gold.set(day, [...(gold.get(day) ?? []), ...(await rowsOf(body))]);
      }
      return gold;
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
