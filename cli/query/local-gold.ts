import { join } from "node:path";
import { UserError } from "../../lib/user-error.ts";
import { createEngine } from "../../local/athena/engine.ts";
import { s3DirectoryOf } from "../../local/athena/executions.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import { type QueryTable, queryTables } from "../../local/athena/tables.ts";
import { openCatalog } from "../../local/glue/catalog.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";

/** The table by which the gold database is found. */
const GOLD_TABLE = "observations";

/** The gold tables of a local run. */
interface LocalGold {
  /** The newest day that has a partition, `YYYY-MM-DD`. */
  readonly lastDay: string;
  /**
   * Runs a query on DuckDB, over the gold tables, or with `isAdHoc` over those of all databases.
   * Throws {@link import("../../local/athena/engine.ts").QueryFailedError}.
   */
  run(
    query: Pick<SavedQuery, "sql">,
    values: readonly (string | number)[],
    options?: { readonly isAdHoc: boolean },
  ): Promise<QueryResult>;
}

/** Gold in a local run's output folder. Throws {@link UserError} when the folder has none yet. */
export async function openLocalGold(directory: string): Promise<LocalGold> {
  const catalog = await openCatalog(join(directory, "glue", "catalog.json"), []);
  const s3Directory = s3DirectoryOf(directory);
  const all = await queryTables(catalog, s3Directory, new Date());
  const gold = all.find(
    ({ name, format, files }) => name === GOLD_TABLE && format === "parquet" && files.length > 0,
  );
  const lastDay = gold && newestDay(gold);
  if (gold === undefined || lastDay === undefined)
    throw new UserError(`no gold in ${directory} yet: run "npm start" first, or name its folder with --out`);
  const { database } = gold;
  return {
    lastDay,
    async run(query, values, { isAdHoc } = { isAdHoc: false }) {
      const tables = all.filter((table) => isAdHoc || table.database === database);
      const engine = await createEngine({ tables, directory: s3Directory });
      try {
        return await engine.run(query.sql, { database, values });
      } finally {
        engine.close();
      }
    },
  };
}

function newestDay({ files }: QueryTable): string | undefined {
  const days = files.flatMap((file) => /\bday=(\d{4}-\d\d-\d\d)\b/.exec(file)?.[1] ?? []);
  return days.sort().at(-1);
}
