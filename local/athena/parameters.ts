import { DuckDBDateValue, type DuckDBValue } from "@duckdb/node-api";
import { AwsError } from "../endpoint/error.ts";

/**
 * The value of an execution parameter, which is a literal of SQL: `'text'`, `4.5`, `DATE '2024-04-30'`, `true`, `NULL`.
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
    `Execution parameter ${literal} is no literal of SQL; text goes in single quotes, e.g. 'north'`,
  );
}
