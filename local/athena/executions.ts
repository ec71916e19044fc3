import { createHash } from "node:crypto";
import { join, relative, sep } from "node:path";
import type { DuckDBValue } from "@duckdb/node-api";
import { AwsError } from "../aws/error.ts";
import type { Gateway, Principal } from "../aws/operation.ts";
import type { Clock } from "../clock.ts";
import type { Catalog } from "../glue/catalog.ts";
import { createEngine, type QueryTable } from "./engine.ts";
import { parameterValue } from "./parameters.ts";
import { type QueryResult, resultCsv } from "./result.ts";
import { queryTables } from "./tables.ts";
import type { Workgroup } from "./workgroups.ts";

export interface QueryRequest {
  readonly sql: string;
  readonly database: string;
  readonly parameters: readonly string[];
  readonly workgroup: Workgroup;
  readonly outputLocation: string;
}

/** One query as it stands. */
export interface QueryExecution extends QueryRequest {
  readonly id: string;
  state: "RUNNING" | "SUCCEEDED" | "FAILED";
  readonly submittedAt: Date;
  completedAt?: Date;
  /** Why it failed. */
  reason?: string;
  result?: QueryResult;
}

export interface Executions {
  start(request: QueryRequest, principal: Principal): QueryExecution;
  /** Throws InvalidRequestException. */
  find(id: string): QueryExecution;
  readonly all: readonly QueryExecution[];
  /** Runs a query for the program that holds the handle. Throws {@link import("./engine.ts").QueryFailedError}. */
  run(
    sql: string,
    options: { database: string; values: readonly DuckDBValue[]; scanLimitBytes?: number },
  ): Promise<QueryResult>;
  stop(): Promise<void>;
}

/** Queries over the tables of the catalog. `s3Directory` holds a folder for each bucket. */
export function createExecutions(options: {
  clock: Clock;
  gateway: Gateway;
  catalog: Catalog;
  s3Directory: string;
}): Executions {
  const { clock, gateway, catalog, s3Directory } = options;
  const all: QueryExecution[] = [];
  const pending = new Set<Promise<void>>();

  async function run(
    sql: string,
    query: Parameters<Executions["run"]>[1],
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

  async function finish(execution: QueryExecution, principal: Principal): Promise<void> {
    const { sql, database, parameters, workgroup } = execution;
    try {
      const { scanLimitBytes } = workgroup;
      const query = {
        database,
        values: parameters.map(parameterValue),
        ...(scanLimitBytes !== undefined && { scanLimitBytes }),
      };
      execution.result = await run(sql, query, (table) => authorizeTable(principal, table));
      await putResult(principal, execution, execution.result);
      execution.state = "SUCCEEDED";
    } catch (error) {
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

  return {
    all,
    run,
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
      const ended = finish(execution, principal);
      pending.add(ended);
      void ended.then(() => pending.delete(ended));
      return execution;
    },
    find(id) {
      const execution = all.find((candidate) => candidate.id === id);
      if (execution === undefined)
        throw new AwsError("InvalidRequestException", `QueryExecution ${id} was not found`);
      return execution;
    },
    async stop() {
      await Promise.all(pending);
    },
  };
}

/** The folder of the buckets below a run's output folder. */
export function s3DirectoryOf(directory: string): string {
  return join(directory, "s3");
}

/** A UUID, the same run after run. */
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
