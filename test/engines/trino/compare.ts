import type { Cell } from "../../../local/athena/result.ts";
import type { Answer } from "./client.ts";

/** Sums of doubles depend on their order, which no engine keeps; one of a window that slides may end at 1e-14 for zero. */
const TOLERANCE = 1e-9;

const KINDS: Readonly<Record<string, string>> = {
  tinyint: "whole number",
  smallint: "whole number",
  integer: "whole number",
  bigint: "whole number",
  real: "double",
  float: "double",
  char: "varchar",
};

/**
 * What differs between two answers, in words, empty where they agree: names and kinds of the columns, the number and
 * the order of the rows, and every cell.
 * @param tolerance of doubles, relative, but absolute below 1
 */
export function differences(duckdb: Answer, trino: Answer, tolerance = TOLERANCE): string[] {
  const [expected = "", actual = ""] = [duckdb, trino].map(headingOf);
  if (expected !== actual) return [`columns: ${expected} (DuckDB), ${actual} (Trino)`];
  if (duckdb.rows.length !== trino.rows.length)
    return [`rows: ${duckdb.rows.length} (DuckDB), ${trino.rows.length} (Trino)`];
  return duckdb.rows.flatMap((row, position) =>
    duckdb.columns.flatMap(({ name, type }, index) => {
      const cells = [row[index] ?? null, trino.rows[position]?.[index] ?? null] as const;
      if (isSame(...cells, kindOf(type) === "double" ? tolerance : 0)) return [];
      return [`row ${position + 1}, ${name}: ${cells[0]} (DuckDB), ${cells[1]} (Trino)`];
    }),
  );
}

function headingOf({ columns }: Answer): string {
  return columns.map(({ name, type }) => `${name} ${kindOf(type)}`).join(", ");
}

function kindOf(type: string): string {
  return KINDS[type] ?? type;
}

function isSame(a: Cell, b: Cell, tolerance: number): boolean {
  if (a === b) return true;
  if (typeof a !== "number" || typeof b !== "number") return false;
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), 1);
}

/** Whether the answers differ in nothing but doubles. */
export function agreeSaveForDoubles(duckdb: Answer, trino: Answer): boolean {
  return differences(duckdb, trino, Number.POSITIVE_INFINITY).length === 0;
}

/** The query with the argument of `ROUND` in place of each call: what was rounded. */
export function withoutRounding(sql: string): string {
  let text = sql;
  for (let call = /\bROUND\(/i.exec(text); call !== null; call = /\bROUND\(/i.exec(text)) {
    const start = call.index + call[0].length;
    const { comma, end } = argumentsFrom(text, start);
    text = `${text.slice(0, call.index)}(${text.slice(start, comma ?? end)})${text.slice(end + 1)}`;
  }
  return text;
}

/** Where the parenthesis that was opened before `start` closes, and its last comma. */
function argumentsFrom(text: string, start: number): { comma?: number; end: number } {
  let depth = 0;
  let comma: number | undefined;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character === "(") depth += 1;
    if (character === "," && depth === 0) comma = index;
    if (character === ")") depth -= 1;
    if (depth < 0) return { end: index, ...(comma !== undefined && { comma }) };
  }
  throw new Error(`unbalanced parentheses: ${text.slice(start)}`);
}
