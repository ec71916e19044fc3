import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { tableNamed } from "../../etl/tables.ts";
import type { QueryTable } from "../../local/athena/engine.ts";

/** One row of gold; what is not given is NULL. `observed_at` as `2024-04-30 11:00:00`. */
export interface GoldRow {
  readonly observed_at: string;
  readonly location?: string;
  readonly [column: string]: string | number | null | undefined;
}

/** `hours` consecutive hours from `start` (`2024-04-30T00:00:00Z`), the row of each from its index. */
export function hourly(
  start: string,
  hours: number,
  row: (hour: number) => Omit<GoldRow, "observed_at">,
): GoldRow[] {
  return Array.from({ length: hours }, (_, hour) => {
    const time = new Date(Date.parse(start) + hour * 3_600_000);
    return { ...row(hour), observed_at: time.toISOString().slice(0, 19).replace("T", " ") };
  });
}

/** Writes the rows as the gold layout does and describes them as the catalog would. */
export async function writeGold(rows: readonly GoldRow[]): Promise<{ table: QueryTable; directory: string }> {
  const { columns } = tableNamed("observations");
  const directory = await mkdtemp(join(tmpdir(), "gold-"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const types = columns.map(
    ({ name, type }) => `${name} ${type === "string" ? "VARCHAR" : type.toUpperCase()}`,
  );
  await connection.run(`CREATE TABLE gold (${types.join(", ")})`);
  for (const row of rows) {
    const cells = { location: "poa", arrived_at: row.observed_at, ...row };
    const names = Object.keys(cells);
    await connection.run(
      `INSERT INTO gold (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
      Object.values(cells).map((value) => value ?? null),
    );
  }
  const days = [...new Set(rows.map((row) => row.observed_at.slice(0, 10)))].sort();
  const files: string[] = [];
  for (const day of days) {
    const folder = join(directory, `gold/observations/day=${day}`);
    await mkdir(folder, { recursive: true });
    const file = join(folder, "observations.parquet");
    await connection.run(
      `COPY (FROM gold WHERE strftime(observed_at, '%Y-%m-%d') = '${day}') TO '${file}' (FORMAT parquet)`,
    );
    files.push(file);
  }
  connection.closeSync();
  const table: QueryTable = {
    database: "weather",
    name: "observations",
    columns: columns.map(({ name, type }) => ({ name, type: type === "integer" ? "int" : type })),
    partitionKeys: [{ name: "day", type: "string" }],
    format: "parquet",
    files,
  };
  return { table, directory };
}
