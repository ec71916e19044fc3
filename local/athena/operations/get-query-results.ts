import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { cellText } from "../result.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

/** Rows on one page, at most and by default. */
const PAGE_ROWS = 1000;

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html; the first row is the header */
export function getQueryResults({ graph, executions }: AthenaContext): Operation {
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
