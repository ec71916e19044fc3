import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { parseExecute } from "../prepared-statements.ts";
import { type AthenaContext, workgroupPermission } from "./context.ts";

const inputSchema = z.strictObject({
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
export function startQueryExecution({
  graph,
  executions,
  workgroup,
  preparedStatement,
}: AthenaContext): Operation {
  return defineOperation({
    input: inputSchema,
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
