import { readFile } from "node:fs/promises";
import type { RebuildOptions } from "../../../etl/rebuild.ts";
import { tableText } from "../../../etl/table-definition.ts";
import { tableNamed } from "../../../etl/tables.ts";

/** The table and the transformation of observations, as the job reads them from the bucket. */
export async function observationsOptions(): Promise<Pick<RebuildOptions, "table" | "sql">> {
  return {
    sql: await readFile("etl/observations.sql", "utf8"),
    table: tableText(tableNamed("observations")),
  };
}
