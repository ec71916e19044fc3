import type { Operation } from "../../endpoint/operation.ts";
import { batchGetNamedQuery } from "./batch-get-named-query.ts";
import type { AthenaContext } from "./context.ts";
import { getNamedQuery } from "./get-named-query.ts";
import { getPreparedStatement } from "./get-prepared-statement.ts";
import { getQueryExecution } from "./get-query-execution.ts";
import { getQueryResults } from "./get-query-results.ts";
import { listNamedQueries } from "./list-named-queries.ts";
import { listPreparedStatements } from "./list-prepared-statements.ts";
import { startQueryExecution } from "./start-query-execution.ts";
import { stopQueryExecution } from "./stop-query-execution.ts";

/** The operations of Athena that this run has, by name. */
export function athenaOperations(context: AthenaContext): Readonly<Record<string, Operation>> {
  return {
    BatchGetNamedQuery: batchGetNamedQuery(context),
    GetNamedQuery: getNamedQuery(context),
    GetPreparedStatement: getPreparedStatement(context),
    GetQueryExecution: getQueryExecution(context),
    GetQueryResults: getQueryResults(context),
    ListNamedQueries: listNamedQueries(context),
    ListPreparedStatements: listPreparedStatements(context),
    StartQueryExecution: startQueryExecution(context),
    StopQueryExecution: stopQueryExecution(context),
  };
}
