import { DuckDBDateValue, type DuckDBValue } from "@duckdb/node-api";
import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";

export const PREPARED_STATEMENT_TYPE = "aws:athena/preparedStatement:PreparedStatement";

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_PreparedStatement.html */
export interface PreparedStatement {
  readonly StatementName: string;
  readonly QueryStatement: string;
  readonly WorkGroupName: string;
  readonly Description?: string;
}

const inputsSchema = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  queryStatement: z.string(),
  workgroup: z.string(),
});

/** The prepared statements of the program. */
export function preparedStatementsOf(graph: Graph): PreparedStatement[] {
  return resourcesOfType(graph, PREPARED_STATEMENT_TYPE).map((resource) => {
    const { name, description, queryStatement, workgroup } = inputsSchema.parse(resource.inputs);
    return {
      StatementName: name ?? resource.name,
      QueryStatement: queryStatement,
      WorkGroupName: workgroup,
      ...(description !== undefined && { Description: description }),
    };
  });
}

/** Finds a statement of a workgroup; throws ResourceNotFoundException. */
export function preparedStatementFinder(
  statements: readonly PreparedStatement[],
): (workgroup: string, name: string) => PreparedStatement {
  return (workgroup, name) => {
    const statement = statements.find(
      ({ WorkGroupName, StatementName }) => WorkGroupName === workgroup && StatementName === name,
    );
    if (statement !== undefined) return statement;
    const message = `PreparedStatement ${name} was not found in workGroup ${workgroup}`;
    throw new AwsError("ResourceNotFoundException", message);
  };
}

/**
 * Parses `EXECUTE name [USING literal, …]`; undefined for other text. Without USING the parameters come from the request.
 */
export function parseExecute(sql: string): { name: string; parameters?: readonly string[] } | undefined {
  const [, name, using] = /^\s*EXECUTE\s+(\w+)(?:\s+USING\s+(.+?))?\s*;?\s*$/is.exec(sql) ?? [];
  if (name === undefined) return undefined;
  // A comma within quotes belongs to its text.
  const literals = using?.match(/(?:'(?:[^']|'')*'|[^,'])+/g)?.map((literal) => literal.trim());
  return literals === undefined ? { name } : { name, parameters: literals };
}

/**
 * The value of an execution parameter, which is an SQL literal: `'text'`, `4.5`, `DATE '2024-04-30'`, `true`, `NULL`.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 * Throws InvalidRequestException for anything else.
 */
export function parameterValue(literal: string): DuckDBValue {
  const text = literal.trim();
  const [, quoted] = /^'((?:[^']|'')*)'$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const [, date] = /^DATE\s*'(\d{4}-\d{2}-\d{2})'$/i.exec(text) ?? [];
  if (date !== undefined) return new DuckDBDateValue(Date.parse(date) / 86_400_000);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (/^null$/i.test(text)) return null;
  throw new AwsError(
    "InvalidRequestException",
    `Execution parameter ${literal} is not an SQL literal; write text in single quotes, e.g. 'north'`,
  );
}
