import type { DuckDBConnection } from "@duckdb/node-api";
import * as z from "zod";
import type { QueryTable } from "./tables.ts";

/** Thrown for a statement that is not a single, valid SELECT. */
export class StatementError extends Error {
  override readonly name = "StatementError";
  /** Whether DuckDB cannot parse the text at all. */
  readonly isSyntax: boolean;

  constructor(message: string, { isSyntax = false } = {}) {
    super(message);
    this.isSyntax = isSyntax;
  }
}

const EXPLAIN =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*EXPLAIN\b(?:\s+(?:ANALYZE|VERBOSE)\b)*(?:\s*\([^)]*\))?/i;

/** The statement after EXPLAIN, which EXPLAIN ANALYZE also runs; other SQL is returned as it is. */
export function explainedStatement(sql: string): string {
  return sql.replace(EXPLAIN, "");
}

const serialized = z.union([
  z.object({ error: z.literal(false), statements: z.array(z.unknown()) }),
  z.object({ error: z.literal(true), error_type: z.string(), error_message: z.string() }),
]);

const tableReference = z.object({
  type: z.literal("BASE_TABLE"),
  schema_name: z.string(),
  table_name: z.string(),
});

/**
 * The tables of the catalog that a query names, whether or not it uses them. A common table expression with the name of a
 * table counts as the table. Throws {@link StatementError}.
 */
export async function namedTables(
  connection: DuckDBConnection,
  tables: readonly QueryTable[],
  { sql, database }: { sql: string; database: string },
): Promise<readonly QueryTable[]> {
  const names = new Set<string>();
  for (const statement of await parseSelect(connection, explainedStatement(sql)))
    collectNames(statement, database, names);
  return tables.filter((table) => names.has(`${table.database}.${table.name}`));
}

/**
 * DuckDB's syntax tree of one SELECT, SHOW or DESCRIBE. DuckDB's getTableNames cannot be used, because it finds nothing in
 * a query with `?` or over a view. Throws {@link StatementError}.
 */
export async function parseSelect(connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> {
  const serialize =
    "SELECT CAST(json_serialize_sql(sql) AS VARCHAR) FROM (SELECT CAST($sql AS VARCHAR) AS sql)";
  const reader = await connection.runAndReadAll(serialize, { sql });
  const answer = serialized.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  if (answer.error) {
    const isOther = answer.error_type === "not implemented";
    throw new StatementError(
      isOther ? "a statement other than SELECT is not emulated" : answer.error_message,
      { isSyntax: answer.error_type === "parser" },
    );
  }
  if (answer.statements.length !== 1) throw new StatementError("only one SQL statement is allowed");
  return answer.statements;
}

function collectNames(node: unknown, database: string, names: Set<string>): void {
  if (typeof node !== "object" || node === null) return;
  const reference = tableReference.safeParse(node).data;
  if (reference !== undefined) {
    const schema = reference.schema_name === "" ? database : reference.schema_name;
    names.add(`${schema}.${reference.table_name}`.toLowerCase());
  }
  for (const member of Object.values(node)) collectNames(member, database, names);
}
