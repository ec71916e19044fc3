import { readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { UserError } from "../../lib/user-error.ts";
import { explainedStatement, parseSelect, StatementError } from "../../local/athena/name-resolver.ts";
import { placeholdersOf, withoutText } from "../../queries/placeholders.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { stackOptionsOf } from "../stack/options.ts";
import { type QueryCommand, type QueryOptions, shownAs } from "./arguments.ts";

/** First words of the statements that only read. */
const READING = ["SELECT", "WITH", "SHOW", "DESCRIBE", "EXPLAIN"];

/**
 * Reads `--sql SQL` or `--file FILE` with the options of a saved query.
 * @throws {UserError} also for SQL that may change something, before it is sent anywhere
 */
export async function parseAdHoc(
  columns: readonly string[],
  {
    sql,
    file,
    ...options
  }: QueryOptions & { readonly sql?: string | undefined; readonly file?: string | undefined },
): Promise<QueryCommand> {
  if (sql !== undefined && file !== undefined)
    throw new UserError("--sql and --file are two ways to give a query: give one");
  if (columns.length > 0 && !options.plot)
    throw new UserError(`"${columns[0]}" beside --sql or --file is not allowed`);
  const shown = shownAs(options, columns);
  return {
    query: adHocQuery(await requireReading(sql ?? (await readSql(file ?? "")))),
    isAdHoc: true,
    ...shown,
    on: stackOptionsOf(options),
    given: {},
  };
}

async function readSql(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not UTF-8 text" : (cause as Error).message;
    throw new UserError(`--file ${file} cannot be read: ${reason}`, { cause });
  }
}

function adHocQuery(sql: string): SavedQuery {
  return { name: "the result", title: "", question: "", columns: [], parameters: [], cost: "", sql };
}

/**
 * The same SQL, of one statement that only reads. Its first word and its semicolons are judged as Athena reads comments and
 * quotes, and the statement as DuckDB parses it; what DuckDB cannot parse may still be Athena's own syntax, which the
 * engine judges.
 * @throws {UserError}
 */
async function requireReading(sql: string): Promise<string> {
  const statement = sql.replace(/^\uFEFF/, "");
  const explained = explainedStatement(statement);
  const code = withoutText(explained);
  if (/;[\s;]*[^\s;]/.test(code))
    throw new UserError("one statement at a time: there is more SQL after the semicolon");
  const [word] = /[^\s(;]+/.exec(code) ?? [];
  if (word === undefined)
    throw new UserError("the SQL is empty: give one statement, as SELECT * FROM observations");
  if (!READING.includes(word.toUpperCase())) throw refusal(`"${word}"`);
  if (!(await isSelect(explained))) throw refusal("this statement");
  const [first] = placeholdersOf(statement);
  if (first !== undefined)
    throw new UserError(`the ? in line ${first.line} has no value: write the value itself into the SQL`);
  return statement;
}

function refusal(what: string): UserError {
  return new UserError(`${what} is not allowed: only statements that read are, ${READING.join(", ")}`);
}

/** Whether it is one for DuckDB's own parser, or nothing that it knows; nothing runs, and no table is looked up. */
async function isSelect(sql: string): Promise<boolean> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await parseSelect(connection, sql);
    return true;
  } catch (error) {
    if (error instanceof StatementError) return error.isSyntax;
    throw error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
