import { setTimeout as delay } from "node:timers/promises";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { sqlLiteral } from "../../../cli/query/athena-values.ts";
import { parameterValues } from "../../../queries/parameters.ts";
import type { SavedQuery } from "../../../queries/saved-queries.ts";

/** What Athena answered: a header and rows of text, or why it could not. */
export type QueryAnswer =
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly (string | undefined)[])[] }
  | { readonly failed: string };

export interface QueryPlace {
  readonly athena: AthenaClient;
  readonly database: string;
  readonly workgroup: string;
}

/** Runs SQL as any client of Athena would, and waits for its end. */
export async function query(
  { athena, database, workgroup }: QueryPlace,
  sql: string,
  parameters: readonly string[],
): Promise<QueryAnswer> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      WorkGroup: workgroup,
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === "SUCCEEDED") break;
    if (State !== "QUEUED" && State !== "RUNNING") return { failed: StateChangeReason ?? String(State) };
    await delay(20);
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  const [columns = [], ...rows] = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    Data.map(({ VarCharValue }) => VarCharValue),
  );
  return { columns: columns.map(String), rows };
}

/**
 * The defaults of a saved query's parameters, as Athena wants them: literals of SQL.
 * @param lastDay from which they count back, e.g. `2024-05-05`
 */
export function literals({ parameters }: SavedQuery, lastDay: string): string[] {
  return parameterValues(parameters, { lastDay }).map(sqlLiteral);
}

/** The query with its parameters' literals in the place of `?`, for an engine that does not know parameters. */
export function withLiterals(saved: SavedQuery, lastDay: string): string {
  const values = literals(saved, lastDay);
  return saved.sql
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/'(?:[^']|'')*'|"[^"]*"|\?/g, (token) => (token === "?" ? (values.shift() ?? token) : token));
}
