import type { DuckDBResultReader, DuckDBType } from "@duckdb/node-api";

export type Cell = string | number | boolean | null;

interface ResultColumn {
  readonly name: string;
  /** Athena's name of the type: `varchar`, `bigint`, `double`, `timestamp`, … */
  readonly type: string;
}

/** The result of a query. Times are text in UTC (`2024-04-30 11:00:00.000`). */
export interface QueryResult {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Size of the files of every table in the query. Partitions are not pruned, so it is an upper bound. */
  readonly bytesScanned: number;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: "varchar",
  BOOLEAN: "boolean",
  TINYINT: "tinyint",
  SMALLINT: "smallint",
  INTEGER: "integer",
  BIGINT: "bigint",
  // A sum of bigints is a bigint for Athena.
  HUGEINT: "bigint",
  FLOAT: "float",
  DOUBLE: "double",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
};

/** The columns and cells of DuckDB's answer, in Athena's types. */
export function readResult(reader: DuckDBResultReader, bytesScanned: number): QueryResult {
  const types = reader.columnTypes().map(athenaType);
  return {
    columns: reader.columnNames().map((name, index) => ({ name, type: types[index] ?? "varchar" })),
    rows: reader
      .getRowsJson()
      .map((row) => row.map((value, index) => readCell(value, types[index] ?? "varchar"))),
    bytesScanned,
  };
}

function athenaType(type: DuckDBType): string {
  const name = String(type);
  return TYPE_NAMES[name] ?? name.toLowerCase();
}

function readCell(value: unknown, type: string): Cell {
  if (value === null || typeof value === "boolean") return value;
  if (type === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return value;
  if (type.startsWith("decimal")) return Number(value);
  if (type.startsWith("timestamp")) return withMilliseconds(String(value));
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Athena shows milliseconds and the name of the time zone, which is UTC in every session. */
function withMilliseconds(timestamp: string): string {
  return timestamp.replace(
    /^(\S+ \d\d:\d\d:\d\d)(?:\.(\d+))?(\+00)?/,
    (_, time, digits = "", zone) => `${time}.${digits.slice(0, 3).padEnd(3, "0")}${zone ? " UTC" : ""}`,
  );
}

/** A cell as Athena writes it: a double as Java does (`19.0`), NULL as undefined. */
export function cellText(cell: Cell, type: string): string | undefined {
  if (cell === null) return undefined;
  if (type === "double" && typeof cell === "number") return javaDouble(cell);
  return String(cell);
}

/** Java's Double.toString: decimals from 10⁻³ up to 10⁷, exponents elsewhere. */
function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (!Number.isFinite(value)) return String(value);
  const [mantissa = "", exponent = ""] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** The results file in Athena's format: a header, quoted values, and an empty cell for NULL. */
export function resultCsv({ columns, rows }: QueryResult): string {
  const header = columns.map(({ name }) => name);
  return csvOf([
    header,
    ...rows.map((row) => row.map((cell, index) => cellText(cell, columns[index]?.type ?? ""))),
  ]);
}

/** Lines of quoted values, as in Athena's result files. Undefined is an empty cell, unlike "". */
function csvOf(rows: readonly (readonly (string | undefined)[])[]): string {
  return rows.map((row) => `${row.map(quote).join(",")}\n`).join("");
}

function quote(value: string | undefined): string {
  return value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
}
