import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { TableDefinition } from "../../etl/table-definition.ts";
import { tableNamed } from "../../etl/tables.ts";
import type { QueryTable } from "../../local/athena/tables.ts";

/** One row of gold's observations; what is not given is NULL. `observed_at` as `2024-04-30 11:00:00`. */
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

/** One row of gold's alerts; what is not given is NULL or a start of rain. `occurred_at` as `2024-04-30 11:00:00`. */
export interface AlertRow {
  readonly occurred_at: string;
  readonly [column: string]: string | number | null | undefined;
}

/** Writes rows of both tables as the gold layout does and describes them as the catalog would. */
export async function writeGold(
  observations: readonly GoldRow[],
  alerts: readonly AlertRow[] = [],
): Promise<{ tables: QueryTable[]; directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "gold-"));
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const observed = observations.map((row) => ({
    location: "poa",
    arrived_at: row.observed_at,
    deliveries: 1,
    ...row,
  }));
  const told = alerts.map((row, index) => ({
    transition: `t${index}`,
    location: "poa",
    started_at: row.occurred_at,
    hazard: "rain",
    kind: "start",
    level: "yellow",
    ...row,
  }));
  const tables = [
    await writeTable(connection, tableNamed("observations"), "observed_at", observed, directory),
    await writeTable(connection, tableNamed("alerts"), "occurred_at", told, directory),
  ];
  connection.closeSync();
  return { tables, directory };
}

type Row = Readonly<Record<string, string | number | null | undefined>>;

async function writeTable(
  connection: DuckDBConnection,
  { name, columns }: TableDefinition,
  time: string,
  rows: readonly Row[],
  directory: string,
): Promise<QueryTable> {
  const types = columns.map(
    ({ name, type }) => `${name} ${type === "string" ? "VARCHAR" : type.toUpperCase()}`,
  );
  await connection.run(`CREATE TABLE ${name} (${types.join(", ")})`);
  for (const row of rows) {
    const names = Object.keys(row);
    await connection.run(
      `INSERT INTO ${name} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
      Object.values(row).map((value) => value ?? null),
    );
  }
  const files: string[] = [];
  for (const day of new Set(rows.map((row) => String(row[time]).slice(0, 10)))) {
    const folder = join(directory, `gold/${name}/day=${day}`);
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${name}.parquet`);
    await connection.run(
      `COPY (FROM ${name} WHERE strftime(${time}, '%Y-%m-%d') = '${day}') TO '${file}' (FORMAT parquet)`,
    );
    files.push(file);
  }
  return { ...describeTable(name), files: files.sort() };
}

/** A table of gold as the catalog has it, in the database `weather`, without its files. */
export function describeTable(name: string): Omit<QueryTable, "files"> {
  return {
    database: "weather",
    name,
    columns: tableNamed(name).columns.map(({ name, type }) => ({
      name,
      type: type === "integer" ? "int" : type,
    })),
    partitionKeys: [{ name: "day", type: "string" }],
    format: "parquet",
  };
}
