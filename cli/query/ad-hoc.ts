import { readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { explainedStatement, parseSelect, StatementError } from "../../local/athena/name-resolver.ts";
import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { placeholdersOf, withoutText } from "../../queries/placeholders.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { FORMATS, parseFormat, parsePlace, type QueryCommand } from "./arguments.ts";

/** First words of the statements that only read. */
const READING = ["SELECT", "WITH", "SHOW", "DESCRIBE", "EXPLAIN"];
const HINT = "see npm run query -- --help";

/** Whether a command line has SQL of its own instead of the name of a saved query. */
export function isAdHoc(argv: readonly string[]): boolean {
  return argv.some((arg) => /^--(sql|file)(=|$)/.test(arg)) && !argv.includes("--help");
}

/**
 * Reads `--sql SQL` or `--file FILE` with the options of a saved query.
 * @throws {UsageError} also for SQL that may change something, before it is sent anywhere
 */
export async function parseAdHoc(argv: readonly string[]): Promise<QueryCommand> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseCommandLine(
    {
      args: withSql(argv),
      options: { sql: text, file: text, format: text, out: text, stack: text, plot: { type: "boolean" } },
      allowPositionals: true,
    },
    HINT,
  );
  const { sql, file, format, out, stack, plot } = values;
  if (sql !== undefined && file !== undefined)
    throw new UsageError("--sql and --file are two ways to give a query: give one");
  if (positionals.length > 0 && !plot)
    throw new UsageError(`"${positionals[0]}" beside --sql or --file is not allowed: ${HINT}`);
  if (plot && format !== undefined)
    throw new UsageError("--plot and --format are two ways to show a result: give one");
  return {
    query: adHocQuery(await requireReading(sql ?? (await readSql(file ?? "")))),
    isAdHoc: true,
    format: parseFormat(format ?? FORMATS[0]),
    plot: plot ? positionals : undefined,
    place: parsePlace(out, stack),
    given: {},
  };
}

/** SQL that begins with a comment is a value, although it begins like an option. */
function withSql(argv: readonly string[]): string[] {
  const isValue = (arg: string | undefined, before: string | undefined) =>
    before === "--sql" && arg !== undefined && /\s/.test(arg);
  return argv.flatMap((arg, index) => {
    if (isValue(arg, argv[index - 1])) return [];
    return isValue(argv[index + 1], arg) ? [`${arg}=${argv[index + 1]}`] : [arg];
  });
}

async function readSql(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const reason = cause instanceof TypeError ? "it is not UTF-8 text" : (cause as Error).message;
    throw new UsageError(`--file ${file} cannot be read: ${reason}`, { cause });
  }
}

function adHocQuery(sql: string): SavedQuery {
  return { name: "the result", title: "", question: "", columns: [], parameters: [], cost: "", sql };
}

/**
 * The same SQL, of one statement that only reads. Its first word and its semicolons are judged as Athena reads comments and
 * quotes, and the statement as DuckDB parses it; what DuckDB cannot parse may still be Athena's own syntax, which the
 * engine judges.
 * @throws {UsageError}
 */
async function requireReading(sql: string): Promise<string> {
  const statement = sql.replace(/^\uFEFF/, "");
  const explained = explainedStatement(statement);
  const code = withoutText(explained);
  if (/;[\s;]*[^\s;]/.test(code))
    throw new UsageError("one statement at a time: there is more SQL after the semicolon");
  const [word] = /[^\s(;]+/.exec(code) ?? [];
  if (word === undefined)
    throw new UsageError("the SQL is empty: give one statement, as SELECT * FROM observations");
  if (!READING.includes(word.toUpperCase())) throw refusal(`"${word}"`);
  if (!(await isSelect(explained))) throw refusal("this statement");
  const [first] = placeholdersOf(statement);
  if (first !== undefined)
    throw new UsageError(`the ? in line ${first.line} has no value: write the value itself into the SQL`);
  return statement;
}

function refusal(what: string): UsageError {
  return new UsageError(`${what} is not allowed: only statements that read are, ${READING.join(", ")}`);
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
