import { readFile, stat } from "node:fs/promises";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { NotEmulatedError } from "../endpoint/error.ts";
import { namedTables } from "./name-resolver.ts";
import { type QueryResult, readResult } from "./result.ts";
import type { QueryTable, TableColumn } from "./tables.ts";

interface EngineOptions {
  readonly tables: readonly QueryTable[];
  /** The only folder that queries may read. */
  readonly directory: string;
}

export interface EngineQuery {
  readonly database: string;
  /** Values of the parameters, one for each `?`. */
  readonly values: readonly DuckDBValue[];
  readonly scanLimitBytes?: number;
  /** Stops the query, which then fails. */
  readonly signal?: AbortSignal;
}

export interface Engine {
  /** Runs one SELECT in Athena's dialect. Throws {@link QueryFailedError}. */
  run(sql: string, options: EngineQuery): Promise<QueryResult>;
  /** The tables of the catalog that a query names. Throws {@link import("./name-resolver.ts").StatementError}. */
  tablesOf(sql: string, database: string): Promise<readonly QueryTable[]>;
  close(): void;
}

/** Thrown when a query fails, with the message of the engine. */
export class QueryFailedError extends Error {
  override readonly name = "QueryFailedError";
}

/**
 * DuckDB in memory with Athena's dialect over the files of the tables. It writes nothing. As on Athena, a table that
 * cannot be read fails only the queries that name it.
 */
export async function createEngine({ tables, directory }: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(await readFile(new URL("./dialect.sql", import.meta.url), "utf8"));
  const unreadable = new Map<QueryTable, unknown>();
  for (const table of tables) {
    try {
      await connection.run(tableView(table));
    } catch (cause) {
      unreadable.set(table, cause);
    }
  }
  await confine(connection, directory);
  const tablesOf: Engine["tablesOf"] = (sql, database) => namedTables(connection, tables, { sql, database });
  return {
    tablesOf,
    async run(sql, { database, values, scanLimitBytes, signal }) {
      const interrupt = () => connection.interrupt();
      signal?.addEventListener("abort", interrupt);
      try {
        signal?.throwIfAborted();
        await connection.run(searchPath(database));
        const named = await tablesOf(sql, database);
        for (const table of named)
          if (unreadable.has(table)) throw unreadableTable(table, unreadable.get(table));
        const bytes = await sizeOf(named);
        if (scanLimitBytes !== undefined && bytes > scanLimitBytes)
          throw scanLimitExceeded(bytes, scanLimitBytes);
        return readResult(await connection.runAndReadAll(sql, [...values]), bytes);
      } catch (cause) {
        if (cause instanceof QueryFailedError) throw cause;
        throw new QueryFailedError(cause instanceof Error ? cause.message : String(cause), { cause });
      } finally {
        signal?.removeEventListener("abort", interrupt);
      }
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Makes the tables of a database available by their plain names. The database need not exist. */
function searchPath(database: string): string {
  const schema = quoteName(database);
  return `CREATE SCHEMA IF NOT EXISTS ${schema}; SET search_path = ${quoteText(`${schema},main`)}`;
}

/** Restricts queries, which may come from any caller of Athena, to the folder of the buckets. */
async function confine(connection: DuckDBConnection, directory: string): Promise<void> {
  await connection.run(`SET allowed_directories = [${quoteText(directory)}]`);
  await connection.run("SET enable_external_access = false");
}

function tableView(table: QueryTable): string {
  const view = `${quoteName(table.database)}.${quoteName(table.name)}`;
  return `CREATE SCHEMA IF NOT EXISTS ${quoteName(table.database)}; CREATE VIEW ${view} AS ${tableSelect(table)}`;
}

function tableSelect({
  columns,
  partitionKeys,
  format,
  files,
  ignoresMalformed = false,
}: QueryTable): string {
  const typed = [...columns, ...partitionKeys].map(({ name, type }) => ({
    name: quoteName(name),
    type: duckdbType(type),
  }));
  if (files.length === 0) {
    return `SELECT ${typed.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${name}`).join(", ")} WHERE false`;
  }
  const paths = `[${files.map(quoteText).join(", ")}]`;
  const partitions = "hive_partitioning = true, hive_types_autocast = false";
  const source =
    format === "parquet"
      ? `read_parquet(${paths}, union_by_name = true, ${partitions})`
      : `read_json(${paths}, format = 'newline_delimited', columns = {${jsonColumns(columns)}}, ignore_errors = ${ignoresMalformed}, ${partitions})`;
  return `SELECT ${typed.map(({ name, type }) => `CAST(${name} AS ${type}) AS ${name}`).join(", ")} FROM ${source}`;
}

function jsonColumns(columns: readonly TableColumn[]): string {
  return columns.map(({ name, type }) => `${quoteName(name)}: ${quoteText(duckdbType(type))}`).join(", ");
}

async function sizeOf(tables: readonly QueryTable[]): Promise<number> {
  const files = tables.flatMap((table) => table.files);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((total, size) => total + size, 0);
}

function unreadableTable({ database, name }: QueryTable, cause: unknown): QueryFailedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new QueryFailedError(`Table ${database}.${name} cannot be read: ${reason}`, { cause });
}

function scanLimitExceeded(bytes: number, limit: number): QueryFailedError {
  return new QueryFailedError(
    `Query exhausted the scan limit of the workgroup: ${bytes} bytes (counted before partitions are pruned) of ${limit} allowed`,
  );
}

/** DuckDB's types for Hive's scalar types, as the Glue catalog names them: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const SCALARS: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  varchar: "VARCHAR",
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
  binary: "BLOB",
};

/** DuckDB's type for a catalog type such as `struct<time:string,values:array<double>>`. Throws NotEmulatedError for others. */
function duckdbType(hiveType: string): string {
  const scalar = SCALARS[hiveType.toLowerCase()];
  if (scalar !== undefined) return scalar;
  if (/^decimal\(\d+,\d+\)$/.test(hiveType)) return hiveType.toUpperCase();
  const [, kind, inside = ""] = /^(array|struct)<(.*)>$/s.exec(hiveType) ?? [];
  if (kind === "array") return `${duckdbType(inside)}[]`;
  if (kind === "struct") return `STRUCT(${members(inside).map(structMember).join(", ")})`;
  throw new NotEmulatedError(`the column type "${hiveType}"`);
}

function structMember(member: string): string {
  const colon = member.indexOf(":");
  return `${quoteName(member.slice(0, colon))} ${duckdbType(member.slice(colon + 1))}`;
}

/** Splits at commas outside brackets. */
function members(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of text.split("").entries()) {
    if (character === "<" || character === "(") depth += 1;
    if (character === ">" || character === ")") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part !== "");
}

function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
