import { createHash } from "node:crypto";
import { join, relative, sep } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";
import type { Catalog } from "../glue/catalog.ts";
import { createEngine, type EngineQuery } from "./engine.ts";
import { parameterValue } from "./prepared-statements.ts";
import { type QueryResult, resultCsv } from "./result.ts";
import { type QueryTable, queryTables } from "./tables.ts";
import type { Workgroup } from "./workgroups.ts";

interface QueryRequest {
  /** The text of the query as the client sent it. */
  readonly text: string;
  /** The SQL that runs; for `EXECUTE name` it is the prepared statement. */
  readonly sql: string;
  readonly database: string;
  /** Literals of SQL, one for each `?`. */
  readonly parameters: readonly string[];
  readonly workgroup: Workgroup;
  readonly outputLocation: string;
}

/** One query and its state. */
export interface QueryExecution extends QueryRequest {
  readonly id: string;
  state: "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
  readonly submittedAt: Date;
  completedAt?: Date;
  /** Why the query failed or was cancelled. */
  reason?: string;
  result?: QueryResult;
}

export interface Executions {
  start(request: QueryRequest, principal: Principal): QueryExecution;
  /** Throws InvalidRequestException. */
  find(id: string): QueryExecution;
  /** Stops a running query; a query that has ended does not change. Throws InvalidRequestException. */
  cancel(id: string): void;
  readonly all: readonly QueryExecution[];
  /** Runs a query for a caller in this process. Throws {@link import("./engine.ts").QueryFailedError}. */
  run(sql: string, options: EngineQuery): Promise<QueryResult>;
  stop(): Promise<void>;
}

/** Queries over the tables of the catalog. `s3Directory` contains a folder for each bucket. */
export function createExecutions(options: {
  clock: Clock;
  gateway: Gateway;
  catalog: Catalog;
  s3Directory: string;
}): Executions {
  const { clock, gateway, catalog, s3Directory } = options;
  const all: QueryExecution[] = [];
  const pending = new Set<Promise<void>>();
  const running = new Map<string, AbortController>();

  async function run(
    sql: string,
    query: EngineQuery,
    authorize?: (table: QueryTable) => Promise<void>,
  ): Promise<QueryResult> {
    const tables = await queryTables(catalog, s3Directory, clock.now());
    const engine = await createEngine({ tables, directory: s3Directory });
    try {
      if (authorize !== undefined)
        for (const table of await engine.tablesOf(sql, query.database)) await authorize(table);
      return await engine.run(sql, query);
    } finally {
      engine.close();
    }
  }

  async function finish(execution: QueryExecution, principal: Principal, signal: AbortSignal): Promise<void> {
    const { sql, database, parameters, workgroup } = execution;
    try {
      const { scanLimitBytes } = workgroup;
      const query = {
        database,
        values: parameters.map(parameterValue),
        signal,
        ...(scanLimitBytes !== undefined && { scanLimitBytes }),
      };
      const result = await run(sql, query, (table) => authorizeTable(principal, table));
      await putResult(principal, execution, result);
      if (signal.aborted) return;
      execution.result = result;
      execution.state = "SUCCEEDED";
    } catch (error) {
      if (signal.aborted) return;
      execution.state = "FAILED";
      execution.reason = error instanceof Error ? error.message : String(error);
    }
    execution.completedAt = clock.now();
  }

  /** Athena reads catalog and data with its caller's permissions. */
  async function authorizeTable(principal: Principal, table: QueryTable): Promise<void> {
    await gateway.call(principal, "glue", "GetTable", { DatabaseName: table.database, Name: table.name });
    if (table.partitionKeys.length > 0 && !table.isProjected) {
      await gateway.call(principal, "glue", "GetPartitions", {
        DatabaseName: table.database,
        TableName: table.name,
      });
    }
    for (const file of table.files) {
      const [bucket = "", ...key] = relative(s3Directory, file).split(sep);
      await gateway.call(principal, "s3", "HeadObject", { Bucket: bucket, Key: key.join("/") });
    }
  }

  async function putResult(
    principal: Principal,
    { outputLocation }: QueryExecution,
    result: QueryResult,
  ): Promise<void> {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(outputLocation) ?? [];
    await gateway.call(principal, "s3", "PutObject", { Bucket, Key, Body: Buffer.from(resultCsv(result)) });
  }

  function find(id: string): QueryExecution {
    const execution = all.find((candidate) => candidate.id === id);
    if (execution === undefined)
      throw new AwsError("InvalidRequestException", `QueryExecution ${id} was not found`);
    return execution;
  }

  return {
    all,
    run,
    find,
    start(request, principal) {
      const id = executionId(all.length);
      const execution: QueryExecution = {
        ...request,
        id,
        outputLocation: `${request.outputLocation.replace(/\/$/, "")}/${id}.csv`,
        state: "RUNNING",
        submittedAt: clock.now(),
      };
      all.push(execution);
      const controller = new AbortController();
      const ended = finish(execution, principal, controller.signal);
      pending.add(ended);
      running.set(id, controller);
      void ended.then(() => {
        pending.delete(ended);
        running.delete(id);
      });
      return execution;
    },
    cancel(id) {
      const execution = find(id);
      if (execution.state !== "RUNNING") return;
      execution.state = "CANCELLED";
      execution.reason = "Query cancelled by user";
      execution.completedAt = clock.now();
      running.get(id)?.abort();
    },
    async stop() {
      await Promise.all(pending);
    },
  };
}

/** The folder of the buckets in the output folder of a run. */
export function s3DirectoryOf(directory: string): string {
  return join(directory, "s3");
}

/** A UUID that is the same in every run. */
function executionId(number: number): string {
  const hex = createHash("sha256").update(`query execution ${number}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
