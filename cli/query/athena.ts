import { setTimeout as sleep } from "node:timers/promises";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  type ResultSet,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { QueryFailedError } from "../../local/athena/engine.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import { readCell, sqlLiteral } from "./athena-values.ts";
import { QueryStoppedError } from "./stopped.ts";

export interface AthenaQuery {
  readonly sql: string;
  readonly database: string;
  readonly workgroup: string;
  /** One for each `?`. */
  readonly values: readonly (string | number)[];
}

/** How far a query is. */
export interface QueryProgress {
  /** `QUEUED`, `RUNNING`, … */
  readonly state: string;
  readonly bytesScanned: number;
}

export interface AthenaRunOptions {
  readonly progress: (progress: QueryProgress) => void;
  /** Stops the query. */
  readonly signal: AbortSignal;
}

/** Seconds between two looks at a query: soon at first, since most take two; Athena has no waiter of the SDK. */
const FIRST_WAIT = 0.2;
const LONGEST_WAIT = 5;
const WAIT_GROWTH = 1.5;

/**
 * Runs a query to its end and reads all pages of its result.
 *
 * @throws {QueryFailedError} with Athena's reason when it fails or another user cancels it; {@link QueryStoppedError};
 * and the SDK's own errors.
 */
export async function runOnAthena(
  client: AthenaClient,
  { sql, database, workgroup, values }: AthenaQuery,
  options: AthenaRunOptions,
): Promise<QueryResult> {
  const { signal } = options;
  if (signal.aborted) throw new QueryStoppedError(0);
  const { QueryExecutionId = "" } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ...(values.length > 0 && { ExecutionParameters: values.map(sqlLiteral) }), // none, but never an empty list
    }),
  );
  const { Status, Statistics } = await ended(client, QueryExecutionId, options);
  if (Status?.State !== "SUCCEEDED") {
    const reason = Status?.StateChangeReason ?? "Athena gives no reason";
    throw new QueryFailedError(Status?.State === "CANCELLED" ? `it was cancelled: ${reason}` : reason);
  }
  const bytesScanned = Statistics?.DataScannedInBytes ?? 0;
  const resultSets: ResultSet[] = [];
  for await (const { ResultSet = {} } of paginateGetQueryResults({ client }, { QueryExecutionId })) {
    if (signal.aborted) throw new QueryStoppedError(bytesScanned);
    resultSets.push(ResultSet);
  }
  return { ...readResult(resultSets), bytesScanned };
}

async function ended(
  client: AthenaClient,
  QueryExecutionId: string,
  { progress, signal }: AthenaRunOptions,
): Promise<QueryExecution> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(LONGEST_WAIT, wait * WAIT_GROWTH)) {
    const { QueryExecution: query } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = query?.Status?.State ?? "QUEUED";
    if (query !== undefined && state !== "QUEUED" && state !== "RUNNING") return query;
    const bytesScanned = query?.Statistics?.DataScannedInBytes ?? 0;
    progress({ state, bytesScanned });
    await sleep(wait * 1000, undefined, { signal }).catch(ignoreAbort);
    if (signal.aborted) {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      throw new QueryStoppedError(bytesScanned);
    }
  }
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}

/** Of a SELECT the first row of the first page holds the columns' names; SHOW and DESCRIBE have no such row. */
function readResult(pages: readonly ResultSet[]): Pick<QueryResult, "columns" | "rows"> {
  const columns = (pages[0]?.ResultSetMetadata?.ColumnInfo ?? []).map(
    ({ Name: name = "", Type: type = "varchar" }) => ({ name, type }),
  );
  const all = pages.flatMap(({ Rows = [] }) => Rows);
  const hasHeader = columns.every(({ name }, index) => all[0]?.Data?.[index]?.VarCharValue === name);
  const rows = hasHeader ? all.slice(1) : all;
  return {
    columns,
    rows: rows.map(({ Data = [] }) =>
      columns.map(({ type }, index) => readCell(Data[index]?.VarCharValue, type)),
    ),
  };
}
