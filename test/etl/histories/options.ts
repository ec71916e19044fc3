import { readFile } from "node:fs/promises";
import type { RebuildOptions } from "../../../etl/rebuild.ts";
import { tableText } from "../../../etl/table-definition.ts";
import { tableNamed } from "../../../etl/tables.ts";

/** A table and its transformation, as the job reads them from the bucket. */
export async function optionsOf(table: string): Promise<Pick<RebuildOptions, "table" | "sql">> {
  return { sql: await readFile(`etl/${table}.sql`, "utf8"), table: tableText(tableNamed(table)) };
}
