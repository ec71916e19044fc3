import { join } from "node:path";
import type { QueryTable } from "../../local/athena/engine.ts";
import { s3DirectoryOf } from "../../local/athena/executions.ts";
import { queryTables } from "../../local/athena/tables.ts";
import { UsageError } from "../../local/command-line.ts";
import { openCatalog } from "../../local/glue/catalog.ts";

/** The table that the saved queries read. */
const GOLD_TABLE = "observations";

/** The gold table of a local run's output folder. Throws {@link UsageError} when there is none yet. */
export async function findGold(directory: string): Promise<{ table: QueryTable; s3Directory: string }> {
  const catalog = await openCatalog(join(directory, "glue", "catalog.json"), []);
  const s3Directory = s3DirectoryOf(directory);
  const tables = await queryTables(catalog, s3Directory, new Date());
  const table = tables.find(({ name, files }) => name === GOLD_TABLE && files.length > 0);
  if (table === undefined)
    throw new UsageError(`no gold in ${directory} yet: run "npm start" first, or name its folder with --out`);
  return { table, s3Directory };
}
