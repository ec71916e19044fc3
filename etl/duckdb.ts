import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type RawShape, rawShape, type TableDefinition } from "./table-definition.ts";

/** Counts of one rebuilt day. `rejected`: lines without a place or a valid time of that day. */
export interface DayCounts {
  readonly linesIn: number;
  readonly rowsOut: number;
  readonly duplicates: number;
  readonly rejected: number;
}

interface DayFiles {
  readonly day: string;
  /** Folder that holds the day's raw objects under their keys. */
  readonly rawDirectory: string;
  readonly parquetPath: string;
}

export interface Transformer {
  /** Rewrites the raw lines of one day as one sorted Parquet file. No file is written when no row is left. */
  transform(files: DayFiles): Promise<DayCounts>;
  close(): void;
}

/** Trino reads small row groups whole, so a day is one row group up to a million rows. */
const ROW_GROUP_ROWS = 1_000_000;

/** An archived line longer than this is left out, as a broken one is. A record is at most 1 MiB on the stream. */
const MAXIMUM_LINE_BYTES = 4 * 1024 * 1024;

/** DuckDB in memory, ready to run the transformation `sql` over raw lines of `table`. */
export async function createTransformer(sql: string, table: TableDefinition): Promise<Transformer> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    async transform({ day, rawDirectory, parquetPath }) {
      await connection.run(rawView(rawDirectory, table));
      await connection.run(`CREATE OR REPLACE TEMP TABLE gold AS ${sql}`);
      const counts = await countDay(connection);
      if (counts.rowsOut > 0) await connection.run(copyDay(table, day, parquetPath));
      return counts;
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function rawView(directory: string, table: TableDefinition): string {
  const columns = Object.entries(rawShape(table)).map(
    ([name, shape]) => `${quote(name)}: ${literal(duckdbType(shape))}`,
  );
  const view = Object.entries(table.view).map(([name, path]) => `${pathIn(path)} AS ${quote(name)}`);
  return `CREATE OR REPLACE TEMP TABLE raw AS
    SELECT ${view.join(", ")}, year || '-' || month || '-' || day AS raw_day, filename AS raw_file
    FROM read_json(${literal(`${directory}/**/*.ndjson.gz`)}, columns = {${columns.join(", ")}}, format = 'newline_delimited',
      ignore_errors = true, filename = true, hive_partitioning = true, hive_types_autocast = false,
      maximum_object_size = ${MAXIMUM_LINE_BYTES})`;
}

function pathIn(path: string): string {
  return path.split(".").map(quote).join(".");
}

function duckdbType(shape: RawShape | null): string {
  if (shape === null) return "VARCHAR";
  const members = Object.entries(shape).map(([name, member]) => `${quote(name)} ${duckdbType(member)}`);
  return `STRUCT(${members.join(", ")})`;
}

function copyDay({ sort }: TableDefinition, day: string, path: string): string {
  return `COPY (SELECT * EXCLUDE (day, copies) FROM gold WHERE day = ${literal(day)} ORDER BY ${sort.map(quote).join(", ")})
    TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`;
}

async function countDay(connection: DuckDBConnection): Promise<DayCounts> {
  const reader = await connection.runAndReadAll(
    `SELECT (SELECT COUNT(*) FROM raw)::DOUBLE, COUNT(*)::DOUBLE, COALESCE(SUM(copies), 0)::DOUBLE FROM gold`,
  );
  const [linesIn = 0, rowsOut = 0, valid = 0] = (reader.getRows()[0] ?? []).map(Number);
  return { linesIn, rowsOut, duplicates: valid - rowsOut, rejected: linesIn - valid };
}

/** COPY and table functions take no parameters for paths, so they are written as SQL string literals. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
