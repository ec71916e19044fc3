import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import { defineOperation, type Operation, type Permission } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import type { Executions } from "./executions.ts";
import { type PreparedStatement, parseExecute } from "./prepared-statements.ts";
import { cellText } from "./result.ts";
import type { NamedQuery, Workgroup } from "./workgroups.ts";

/** The state that the operations share. */
interface AthenaContext {
  readonly graph: Graph;
  readonly executions: Executions;
  readonly workgroup: (name: string) => Workgroup;
  readonly namedQueries: readonly NamedQuery[];
  /** Throws ResourceNotFoundException. */
  readonly preparedStatement: (workgroup: string, name: string) => PreparedStatement;
  readonly preparedStatements: readonly PreparedStatement[];
}

/** Athena's actions are allowed on workgroups: https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html */
function workgroupPermission(graph: Graph, action: string, workgroup: string): Permission {
  const resource = `arn:aws:athena:${graph.region}:${graph.accountId}:workgroup/${workgroup}`;
  return { action: `athena:${action}`, resource };
}

/** The emulated operations of Athena, by name. */
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

const startQueryInput = z.strictObject({
  QueryString: z.string().min(1),
  ClientRequestToken: z.string().optional(),
  QueryExecutionContext: z
    .strictObject({ Database: z.string().optional(), Catalog: z.string().optional() })
    .optional(),
  ResultConfiguration: z.strictObject({ OutputLocation: z.string().optional() }).optional(),
  WorkGroup: z.string().default("primary"),
  ExecutionParameters: z.array(z.string()).default([]),
});

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html */
function startQueryExecution({ graph, executions, workgroup, preparedStatement }: AthenaContext): Operation {
  return defineOperation({
    input: startQueryInput,
    permissions: ({ WorkGroup, QueryString }) =>
      // https://docs.aws.amazon.com/athena/latest/ug/security-iam-athena-prepared-statements.html
      ["StartQueryExecution", ...(parseExecute(QueryString) ? ["GetPreparedStatement"] : [])].map((action) =>
        workgroupPermission(graph, action, WorkGroup),
      ),
    run(input, { principal }) {
      const group = workgroup(input.WorkGroup);
      const own = group.enforced ? undefined : input.ResultConfiguration?.OutputLocation;
      const outputLocation = own ?? group.outputLocation;
      if (outputLocation === undefined) {
        throw new AwsError(
          "InvalidRequestException",
          "No output location provided. An output location is required.",
        );
      }
      const execute = parseExecute(input.QueryString);
      const request = {
        text: input.QueryString,
        sql: execute ? preparedStatement(group.name, execute.name).QueryStatement : input.QueryString,
        database: input.QueryExecutionContext?.Database ?? "default",
        parameters: execute?.parameters ?? input.ExecutionParameters,
        workgroup: group,
        outputLocation,
      };
      return { QueryExecutionId: executions.start(request, principal).id };
    },
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StopQueryExecution.html; a query that has ended does not change */
function stopQueryExecution({ graph, executions }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueryExecutionId: z.string() }),
    permissions: ({ QueryExecutionId }) => [
      workgroupPermission(graph, "StopQueryExecution", executions.find(QueryExecutionId).workgroup.name),
    ],
    run({ QueryExecutionId }) {
      executions.cancel(QueryExecutionId);
      return {};
    },
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryExecution.html */
function getQueryExecution({ graph, executions }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ QueryExecutionId: z.string() }),
    permissions: ({ QueryExecutionId }) => [
      workgroupPermission(graph, "GetQueryExecution", executions.find(QueryExecutionId).workgroup.name),
    ],
    run({ QueryExecutionId }) {
      const execution = executions.find(QueryExecutionId);
      return {
        QueryExecution: {
          QueryExecutionId,
          Query: execution.text,
          QueryExecutionContext: { Database: execution.database },
          ExecutionParameters: execution.parameters,
          ResultConfiguration: { OutputLocation: execution.outputLocation },
          WorkGroup: execution.workgroup.name,
          Status: {
            State: execution.state,
            StateChangeReason: execution.reason,
            SubmissionDateTime: execution.submittedAt,
            CompletionDateTime: execution.completedAt,
          },
          Statistics: { DataScannedInBytes: execution.result?.bytesScanned ?? 0 },
        },
      };
    },
  });
}

/** Maximum and default number of rows on a page. */
const PAGE_ROWS = 1000;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html; the first row is the header */
function getQueryResults({ graph, executions }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({
      QueryExecutionId: z.string(),
      MaxResults: z.int().min(1).max(PAGE_ROWS).default(PAGE_ROWS),
      NextToken: z.string().regex(/^\d+$/).optional(),
    }),
    permissions: ({ QueryExecutionId }) => [
      workgroupPermission(graph, "GetQueryResults", executions.find(QueryExecutionId).workgroup.name),
    ],
    run({ QueryExecutionId, MaxResults, NextToken }) {
      const { result, state } = executions.find(QueryExecutionId);
      if (result === undefined || state !== "SUCCEEDED") {
        const message = `Query has not yet finished. Current state: ${state}`;
        throw new AwsError("InvalidRequestException", message);
      }
      const { columns, rows } = result;
      const header = columns.map(({ name }) => ({ VarCharValue: name }));
      const data = rows.map((row) =>
        row.map((cell, index) => ({ VarCharValue: cellText(cell, columns[index]?.type ?? "") })),
      );
      const from = Number(NextToken ?? 0);
      const page = [header, ...data].slice(from, from + MaxResults);
      const isLast = from + MaxResults > rows.length;
      return {
        ResultSet: {
          Rows: page.map((Data) => ({ Data })),
          ResultSetMetadata: {
            ColumnInfo: columns.map(({ name, type }) => ({ Name: name, Label: name, Type: type })),
          },
        },
        NextToken: isLast ? undefined : String(from + MaxResults),
      };
    },
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetNamedQuery.html */
function getNamedQuery({ graph, namedQueries }: AthenaContext): Operation {
  const find = (id: string) => {
    const query = namedQueries.find(({ NamedQueryId }) => NamedQueryId === id);
    if (query === undefined) throw new AwsError("InvalidRequestException", `NamedQuery ${id} was not found`);
    return query;
  };
  return defineOperation({
    input: z.strictObject({ NamedQueryId: z.string() }),
    permissions: ({ NamedQueryId }) => [
      workgroupPermission(graph, "GetNamedQuery", find(NamedQueryId).WorkGroup),
    ],
    run: ({ NamedQueryId }) => ({ NamedQuery: find(NamedQueryId) }),
  });
}

/** At most 50 ids: https://docs.aws.amazon.com/athena/latest/APIReference/API_BatchGetNamedQuery.html */
const IDS_LIMIT = 50;

function batchGetNamedQuery({ graph, namedQueries }: AthenaContext): Operation {
  const found = (ids: readonly string[]) =>
    namedQueries.filter(({ NamedQueryId }) => ids.includes(NamedQueryId));
  return defineOperation({
    input: z.strictObject({ NamedQueryIds: z.array(z.string()).min(1).max(IDS_LIMIT) }),
    permissions: ({ NamedQueryIds }) =>
      found(NamedQueryIds).map(({ WorkGroup }) =>
        workgroupPermission(graph, "BatchGetNamedQuery", WorkGroup),
      ),
    run({ NamedQueryIds }) {
      const NamedQueries = found(NamedQueryIds);
      const unknown = NamedQueryIds.filter(
        (id) => !NamedQueries.some(({ NamedQueryId }) => NamedQueryId === id),
      );
      return {
        NamedQueries,
        UnprocessedNamedQueryIds: unknown.map((NamedQueryId) => ({
          NamedQueryId,
          ErrorCode: "INVALID_INPUT",
        })),
      };
    },
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ListNamedQueries.html, all on one page */
function listNamedQueries({ graph, namedQueries }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ WorkGroup: z.string().default("primary"), MaxResults: z.number().optional() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "ListNamedQueries", WorkGroup)],
    run({ WorkGroup }) {
      const ids = namedQueries
        .filter((query) => query.WorkGroup === WorkGroup)
        .map(({ NamedQueryId }) => NamedQueryId);
      return { NamedQueryIds: ids };
    },
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetPreparedStatement.html */
function getPreparedStatement({ graph, preparedStatement }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ StatementName: z.string(), WorkGroup: z.string() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "GetPreparedStatement", WorkGroup)],
    run: ({ StatementName, WorkGroup }) => ({
      PreparedStatement: preparedStatement(WorkGroup, StatementName),
    }),
  });
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ListPreparedStatements.html, all on one page */
function listPreparedStatements({ graph, preparedStatements }: AthenaContext): Operation {
  return defineOperation({
    input: z.strictObject({ WorkGroup: z.string(), MaxResults: z.number().optional() }),
    permissions: ({ WorkGroup }) => [workgroupPermission(graph, "ListPreparedStatements", WorkGroup)],
    run: ({ WorkGroup }) => ({
      PreparedStatements: preparedStatements
        .filter(({ WorkGroupName }) => WorkGroupName === WorkGroup)
        .map(({ StatementName }) => ({ StatementName })),
    }),
  });
}
