import { resolveDay } from "../../etl/query-parameters.ts";
import { readSavedQueries, type SavedQuery } from "../../etl/saved-queries.ts";
import { createEngine } from "../../local/athena/engine.ts";
import { UsageError } from "../../local/command-line.ts";
import { parseCommand, type QueryCommand } from "./arguments.ts";
import { formatHelp, formatList, formatResult } from "./format.ts";
import { findGold } from "./gold.ts";

export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run query`: lists the saved queries, or runs one on the gold of a local run. Returns the exit code, 2 for bad input. */
export async function main(
  argv: readonly string[],
  queriesDirectory: string,
  { out, error }: Output,
): Promise<number> {
  try {
    const queries = readSavedQueries(queriesDirectory);
    const command = parseCommand(argv, queries);
    out(command === undefined ? help(argv, queries) : await answer(command));
    return 0;
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem;
    error(`${problem.message}\n`);
    return 2;
  }
}

function help(argv: readonly string[], queries: readonly SavedQuery[]): string {
  const query = queries.find(({ name }) => argv.includes(name));
  return query === undefined ? formatList(queries) : formatHelp(query);
}

async function answer({ query, format, directory, values }: QueryCommand): Promise<string> {
  const { table, s3Directory } = await findGold(directory);
  const engine = await createEngine({ tables: [table], directory: s3Directory });
  try {
    const lastDay = /day=([\d-]+)/.exec(table.files.at(-1) ?? "")?.[1] ?? "";
    const days = values.map((value) => resolveDay(String(value), lastDay) ?? value);
    const result = await engine.run(query.sql, { database: table.database, values: days });
    return formatResult(query, result, format);
  } finally {
    engine.close();
  }
}
