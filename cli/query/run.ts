import { UserError } from "../../lib/user-error.ts";
import { QueryFailedError } from "../../local/athena/engine.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import { ParameterValueError, parameterValues } from "../../queries/parameters.ts";
import { readUsableQueries, type SavedQuery } from "../../queries/saved-queries.ts";
import type { Invocation, Terminal } from "../command.ts";
import { parseAdHoc } from "./ad-hoc.ts";
import { findQuery, nameIn, parseCommand, type QueryCommand, type QueryOptions } from "./arguments.ts";
import { formatHelp, formatList, formatResult } from "./format.ts";
import { openLocalGold } from "./local-gold.ts";
import { explainNoRows, LOCATIONS_SQL, type NoRows } from "./no-rows.ts";
import { columnsOf, requireColumns } from "./plot-columns.ts";
import { formatAthenaCost, formatBytes, formatLocalCost } from "./price.ts";
import { createProgressLine } from "./progress.ts";
import { QueryStoppedError } from "./stopped.ts";

const BAD_INPUT = 2;
/** What a shell expects of a command that Ctrl-C ended: 128 and the signal's number. */
const INTERRUPTED = 130;

interface Answer {
  readonly result: QueryResult;
  /** What it cost, or would. */
  readonly cost: string;
  readonly noRows: NoRows | undefined;
}

/**
 * Lists the saved queries, or runs one on the gold of a local run or on Athena. The exit code is 1 when the query failed,
 * 2 for bad input, 130 when Ctrl-C stopped it.
 */
export async function runQuery(
  words: readonly string[],
  options: QueryOptions & {
    readonly sql?: string | undefined;
    readonly file?: string | undefined;
    readonly help: boolean;
  },
  terminal: Invocation,
  showHelp: () => void,
): Promise<void> {
  const { out, error, exit, projectDirectory } = terminal;
  const { queries, skipped } = readUsableQueries(`${projectDirectory}/queries`);
  const asked = skipped.find(({ name }) => words.includes(name));
  if (asked !== undefined) throw new UserError(`queries/${asked.error.message}`);
  for (const file of skipped) error(`queries/${file.error.message}. This file is skipped.\n`);
  const isAdHoc = options.sql !== undefined || options.file !== undefined;
  const isList = words.length === 0 && !isAdHoc;
  if (options.help || isList) {
    const name = nameIn(words, queries);
    if (name !== undefined) out(formatHelp(findQuery(name, queries)));
    else if (options.help) showHelp();
    else out(formatList(queries));
    return;
  }
  try {
    const command = isAdHoc ? await parseAdHoc(words, options) : parseCommand(words, options, queries);
    const { result, cost, noRows } = await answer(command, terminal);
    if (!noRows?.isBadInput) out(await shown(command, result, terminal, queries));
    if (noRows !== undefined) error(`${noRows.message}\n`);
    error(`${cost}\n`);
    if (noRows?.isBadInput) exit(BAD_INPUT);
  } catch (problem) {
    const known = explain(problem);
    if (known === undefined) throw problem;
    error(`${known.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
    exit(known.code);
  }
}

function explain(problem: unknown): { code: number; message: string } | undefined {
  if (problem instanceof ParameterValueError) return { code: BAD_INPUT, message: `--${problem.message}` };
  if (problem instanceof UserError) return { code: problem.exitCode, message: problem.message };
  if (problem instanceof QueryFailedError)
    return { code: 1, message: `the query failed: ${problem.message}` };
  if (problem instanceof QueryStoppedError) {
    const scanned = formatBytes(problem.bytesScanned);
    return {
      code: INTERRUPTED,
      message: `${problem.message}; what it scanned is billed, ${scanned} as far as known`,
    };
  }
  return undefined;
}

function answer(command: QueryCommand, terminal: Terminal): Promise<Answer> {
  const { stack, localRun } = command.on;
  return localRun === undefined ? answerOnAws(command, stack, terminal) : answerHere(command, localRun);
}

async function answerHere(command: QueryCommand, directory: string): Promise<Answer> {
  const { query, given, isAdHoc } = command;
  const gold = await openLocalGold(directory);
  const values = parameterValues(query.parameters, { lastDay: gold.lastDay, given });
  const { result, noRows } = await withReason(command, values, (sql, parameters) =>
    gold.run({ sql }, parameters, { isAdHoc }),
  );
  return { result, cost: formatLocalCost(result.bytesScanned), noRows };
}

async function answerOnAws(
  command: QueryCommand,
  stack: string,
  { projectDirectory, isWatched, error, now, interruption }: Terminal,
): Promise<Answer> {
  const { query, given } = command;
  const lastDay = now().toISOString().slice(0, 10);
  const values = parameterValues(query.parameters, { lastDay, given });
  const { openStackAthena } = await import("./athena-stack.ts"); // half a second, which a typing error need not wait for
  const line = createProgressLine({ isWatched, write: error, now });
  try {
    using athena = await openStackAthena({ name: stack, directory: projectDirectory });
    const options = { progress: line.show, signal: interruption() };
    const { result, noRows, scans } = await withReason(command, values, (sql, parameters) =>
      athena.run({ sql, values: parameters }, options),
    );
    return { result, cost: formatAthenaCost(...scans), noRows };
  } finally {
    line.end();
  }
}

type Run = (sql: string, values: readonly (string | number)[]) => Promise<QueryResult>;

/**
 * Runs a query, and asks what gold has only when a saved one has no rows: a location that is not in gold never has any.
 */
async function withReason(
  { query, isAdHoc }: QueryCommand,
  values: readonly (string | number)[],
  run: Run,
): Promise<Pick<Answer, "result" | "noRows"> & { readonly scans: readonly number[] }> {
  const result = await run(query.sql, values);
  if (result.rows.length > 0 || isAdHoc) return { result, noRows: undefined, scans: [result.bytesScanned] };
  const inGold = await run(LOCATIONS_SQL, []);
  return {
    result,
    noRows: explainNoRows(query, values, inGold),
    scans: [result.bytesScanned, inGold.bytesScanned],
  };
}

async function shown(
  { query: asked, isAdHoc, format, plot: columns }: QueryCommand,
  result: QueryResult,
  { width, hasColors }: Terminal,
  queries: readonly SavedQuery[],
): Promise<string> {
  if (columns === undefined) return formatResult(asked, result, format);
  const query = isAdHoc ? { ...asked, columns: columnsOf(result) } : asked;
  if (isAdHoc) requireColumns(query, columns, queries);
  const { formatPlot } = await import("./plot.ts");
  return formatPlot(query, result, { columns, width, hasColors });
}
