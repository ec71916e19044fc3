import { NotEmulatedError } from "../endpoint/error.ts";

/** Hive's scalar types, as the Glue catalog names them, and DuckDB's: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
const SCALARS: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  varchar: "VARCHAR",
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
  binary: "BLOB",
};

/** DuckDB's type for a catalog type such as `struct<time:string,values:array<double>>`. Throws NotEmulatedError for others. */
export function duckdbType(hiveType: string): string {
  const scalar = SCALARS[hiveType.toLowerCase()];
  if (scalar !== undefined) return scalar;
  if (/^decimal\(\d+,\d+\)$/.test(hiveType)) return hiveType.toUpperCase();
  const [, kind, inside = ""] = /^(array|struct)<(.*)>$/s.exec(hiveType) ?? [];
  if (kind === "array") return `${duckdbType(inside)}[]`;
  if (kind === "struct") return `STRUCT(${members(inside).map(structMember).join(", ")})`;
  throw new NotEmulatedError(`the column type "${hiveType}"`);
}

function structMember(member: string): string {
  const colon = member.indexOf(":");
  return `${quoteName(member.slice(0, colon))} ${duckdbType(member.slice(colon + 1))}`;
}

/** Splits at the commas that no bracket encloses. */
function members(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of text.split("").entries()) {
    if (character === "<" || character === "(") depth += 1;
    if (character === ">" || character === ")") depth -= 1;
    if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part !== "");
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
