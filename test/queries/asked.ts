import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createEngine } from "../../local/athena/engine.ts";
import type { Cell, QueryResult } from "../../local/athena/result.ts";
import type { QueryTable } from "../../local/athena/tables.ts";
import { readSavedQueries, type SavedQuery } from "../../queries/saved-queries.ts";
import { projectDirectory } from "../end-to-end/command.ts";
import { type AlertRow, type GoldRow, writeGold } from "./weather-table.ts";

export const savedQueries = readSavedQueries(join(projectDirectory, "queries"));

/** Throws when there is no query of that name. */
export function queryNamed(name: string): SavedQuery {
  const query = savedQueries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new Error(`no saved query ${name}`);
  return query;
}

export type Given = Readonly<Record<string, string | number>>;

/** A value for each `?`: what is given by name, else every day, else the default. */
export function valuesOf({ parameters }: SavedQuery, given: Given): (string | number)[] {
  const all: Given = { from: "2000-01-01", to: "2100-12-31", ...given };
  return parameters.map((parameter) => all[parameter.name] ?? parameter.default);
}

export interface Asked extends AsyncDisposable {
  /** Runs a saved query over every day, unless `from` and `to` are given. */
  ask(name: string, given?: Given): Promise<QueryResult>;
  /** The rows it answers, as far as these columns, all unless some are named. */
  rows(name: string, given?: Given, columns?: readonly string[]): Promise<Cell[][]>;
}

/** The saved queries over rows made by hand. */
export async function askedOf(
  observations: readonly GoldRow[],
  alerts?: readonly AlertRow[],
): Promise<Asked> {
  const { tables, directory } = await writeGold(observations, alerts);
  return await openQueries(tables, directory, () => rm(directory, { recursive: true, force: true }));
}

/** The saved queries over tables of the database `weather` whose files are below a folder. */
export async function openQueries(
  tables: readonly QueryTable[],
  directory: string,
  remove: () => Promise<void> = async () => undefined,
): Promise<Asked> {
  const engine = await createEngine({ tables, directory });
  async function ask(name: string, given: Given = {}): Promise<QueryResult> {
    const query = queryNamed(name);
    return await engine.run(query.sql, { database: "weather", values: valuesOf(query, given) });
  }
  return {
    ask,
    async rows(name, given, columns) {
      const result = await ask(name, given);
      if (columns === undefined) return result.rows.map((row) => [...row]);
      const positions = columns.map((column) => result.columns.findIndex(({ name }) => name === column));
      return result.rows.map((row) => positions.map((position) => row[position] ?? null));
    },
    async [Symbol.asyncDispose]() {
      engine.close();
      await remove();
    },
  };
}
