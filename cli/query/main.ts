import { QueryFailedError } from "../../local/athena/engine.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import { UsageError } from "../../local/command-line.ts";
import { ParameterValueError, parameterValues } from "../../queries/parameters.ts";
import { readUsableQueries, type SavedQuery } from "../../queries/saved-queries.ts";
import { isAdHoc, parseAdHoc } from "./ad-hoc.ts";
import { parseCommand, type QueryCommand } from "./arguments.ts";
import { formatHelp, formatList, formatResult } from "./format.ts";
import { openLocalGold } from "./local-gold.ts";
import { explainNoRows, LOCATIONS_SQL, type NoRows } from "./no-rows.ts";
import { columnsOf, requireColumns } from "./plot-columns.ts";
import { formatAthenaCost, formatBytes, formatLocalCost } from "./price.ts";
import { createProgressLine } from "./progress.ts";
import { QueryStoppedError } from "./stopped.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** `last` is this day, UTC, where gold cannot be looked at beforehand. */
  readonly now: () => Date;
  /** Whether somebody watches standard error. */
  readonly isWatched: boolean;
  /** Whether standard output shows colours. */
  readonly hasColors: boolean;
  /** Columns of standard output. */
  readonly width: number;
  /** From now on Ctrl-C aborts this signal instead of ending the program. */
  readonly interruption: () => AbortSignal;
}

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
 * `npm run query`: lists the saved queries, or runs one on the gold of a local run or on Athena. Returns the exit code:
 * 1 when the query failed, 2 for bad input, 130 when Ctrl-C stopped it.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { out, error } = terminal;
  const { queries, skipped } = readUsableQueries(`${terminal.projectDirectory}/queries`);
  try {
    const asked = skipped.find(({ name }) => argv.includes(name));
    if (asked !== undefined) throw new UsageError(`queries/${asked.error.message}`);
    for (const file of skipped) error(`queries/${file.error.message}. This file is skipped.\n`);
    const command = isAdHoc(argv) ? await parseAdHoc(argv) : parseCommand(argv, queries);
    if (command === undefined) {
      out(help(argv, queries));
      return 0;
    }
    const { result, cost, noRows } = await answer(command, terminal);
    if (!noRows?.isBadInput) out(await shown(command, result, terminal, queries));
    if (noRows !== undefined) error(`${noRows.message}\n`);
    error(`${cost}\n`);
    return noRows?.isBadInput ? BAD_INPUT : 0;
  } catch (problem) {
    const known = explain(problem);
    if (known === undefined) throw problem;
    error(`${known.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
    return known.code;
  }
}

function explain(problem: unknown): { code: number; message: string } | undefined {
  if (problem instanceof UsageError) return { code: BAD_INPUT, message: problem.message };
  if (problem instanceof ParameterValueError) return { code: BAD_INPUT, message: `--${problem.message}` };
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

function help(argv: readonly string[], queries: readonly SavedQuery[]): string {
  const query = queries.find(({ name }) => argv.includes(name));
  return query === undefined ? formatList(queries) : formatHelp(query);
}

function answer(command: QueryCommand, terminal: Terminal): Promise<Answer> {
  const { place } = command;
  return "stack" in place
    ? answerOnAws(command, place.stack, terminal)
    : answerHere(command, place.directory);
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
