import type { DuckDBValue } from "@duckdb/node-api";
import type { Clock } from "../clock/clock.ts";
import type { Gateway, Service } from "../endpoint/operation.ts";
import type { Catalog } from "../glue/catalog.ts";
import type { Graph } from "../graph.ts";
import { createExecutions, type QueryExecution, s3DirectoryOf } from "./executions.ts";
import { athenaOperations } from "./operations.ts";
import {
  PREPARED_STATEMENT_TYPE,
  preparedStatementFinder,
  preparedStatementsOf,
} from "./prepared-statements.ts";
import type { QueryResult } from "./result.ts";
import {
  NAMED_QUERY_TYPE,
  type NamedQuery,
  namedQueriesOf,
  WORKGROUP_TYPE,
  workgroupsOf,
} from "./workgroups.ts";

/** Resource types that this service emulates. */
export const ATHENA_RESOURCE_TYPES: readonly string[] = [
  WORKGROUP_TYPE,
  NAMED_QUERY_TYPE,
  PREPARED_STATEMENT_TYPE,
];

interface AthenaOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Used by queries, but not while Athena is created. */
  readonly gateway: Gateway;
  readonly catalog: Catalog;
  /** The output folder of the run, with the files of buckets at `s3/BUCKET/KEY`. */
  readonly directory: string;
}

export interface Athena {
  readonly service: Service;
  readonly namedQueries: readonly NamedQuery[];
  /** The queries that clients started. Failed ones have a reason. */
  executions(): readonly QueryExecution[];
  /** Runs a query for a caller in this process. Throws {@link import("./engine.ts").QueryFailedError}. */
  runQuery(sql: string, options: { database: string; values?: readonly DuckDBValue[] }): Promise<QueryResult>;
  /** Waits for running queries. */
  stop(): Promise<void>;
}

/** Athena over the tables of the catalog, with the workgroups and named queries of `graph`. */
export function createAthena({ graph, clock, gateway, catalog, directory }: AthenaOptions): Athena {
  const executions = createExecutions({ clock, gateway, catalog, s3Directory: s3DirectoryOf(directory) });
  const namedQueries = namedQueriesOf(graph);
  const preparedStatements = preparedStatementsOf(graph);
  return {
    service: {
      signingName: "athena",
      protocol: "json",
      operations: athenaOperations({
        graph,
        executions,
        workgroup: workgroupsOf(graph),
        namedQueries,
        preparedStatements,
        preparedStatement: preparedStatementFinder(preparedStatements),
      }),
    },
    namedQueries,
    executions: () => executions.all,
    runQuery: (sql, { database, values = [] }) => executions.run(sql, { database, values }),
    stop: () => executions.stop(),
  };
}
