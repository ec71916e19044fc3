import type { Cell } from "../../local/athena/result.ts";

/**
 * A value as Athena takes an execution parameter: a literal of SQL. In a quoted one only the quote is special, and it is
 * doubled; a backslash is a backslash. https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
 */
export function sqlLiteral(value: string | number): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a number that SQL can write`);
  return String(value).toUpperCase(); // 1E+21
}

/** Athena's names of types whose values are numbers. https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const NUMBERS = /^(tinyint|smallint|int|integer|bigint|float|real|double|decimal)\b/;

/**
 * A value of GetQueryResults, which are all text, in the type that the result's metadata names. Absent is NULL. An integer
 * that a double cannot hold, NaN and infinities stay text.
 */
export function readCell(text: string | undefined, type: string): Cell {
  if (text === undefined) return null;
  if (type === "boolean") return text === "true";
  if (!NUMBERS.test(type)) return text;
  const number = Number(text);
  const isExact = Number.isFinite(number) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(number));
  return isExact ? number : text;
}
