import type { QueryResult } from "../../local/athena/result.ts";
import type { Cloud } from "../../local/cloud.ts";
import { parameterValues } from "../../queries/parameters.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";

/** A saved query and what it answered. */
export interface ShownQuery {
  readonly query: SavedQuery;
  readonly result: QueryResult;
}

/** The two that tell most of a week of weather. */
const SHOWN = ["daily_summary", "worst_rain_by_month"];

/** Runs the saved queries that the summary shows, with their default parameters, on Athena. */
export async function showQueries(
  cloud: Cloud,
  queries: readonly SavedQuery[],
  database: string,
): Promise<ShownQuery[]> {
  const [newest] = (await cloud.athena.runQuery("SELECT MAX(day) FROM observations", { database })).rows;
  const lastDay = String(newest?.[0]);
  const shown: ShownQuery[] = [];
  for (const query of queries.filter(({ name }) => SHOWN.includes(name))) {
    const values = parameterValues(query.parameters, { lastDay });
    const result = await cloud.athena.runQuery(query.sql, { database, values });
    shown.push({ query, result });
  }
  return shown;
}
