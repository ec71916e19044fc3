import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { isObject, parseJson } from "../../lib/json.ts";
import { NotEmulatedError } from "../endpoint/error.ts";
import type { Column } from "./catalog.ts";

type ScalarKind = "null" | "boolean" | "int" | "bigint" | "double" | "string";

/** The type of a JSON value; `null` when every value was null. */
export type JsonType =
  | { readonly kind: ScalarKind }
  | { readonly kind: "array"; readonly element: JsonType }
  | StructType;

export interface StructType {
  readonly kind: "struct";
  readonly members: ReadonlyMap<string, JsonType>;
}

/** Hive's int has 32 bits. */
const INT_LIMIT = 2 ** 31;

/** The type of one parsed JSON value. JSON does not distinguish 8.0 from 8, so a whole number is an integer. */
function typeOfJson(value: unknown): JsonType {
  if (value === null || value === undefined) return { kind: "null" };
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: kindOfNumber(value) };
  if (Array.isArray(value)) {
    return { kind: "array", element: value.map(typeOfJson).reduce(combine, { kind: "null" }) };
  }
  if (isObject(value)) {
    return {
      kind: "struct",
      members: new Map(Object.entries(value).map(([name, member]) => [name, typeOfJson(member)])),
    };
  }
  return { kind: "string" };
}

function kindOfNumber(value: number): "int" | "bigint" | "double" {
  if (!Number.isInteger(value)) return "double";
  return value >= -INT_LIMIT && value < INT_LIMIT ? "int" : "bigint";
}

/** Widths of number types; a wider type includes the narrower ones. */
const WIDTHS: Readonly<Record<string, number>> = { int: 1, bigint: 2, double: 3 };

/** The narrowest type for both: numbers widen, structs have the members of both, and conflicting types become a string. */
export function combine(a: JsonType, b: JsonType): JsonType {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "struct" && b.kind === "struct") return combineStructTypes(a, b);
  if (a.kind === "array" && b.kind === "array")
    return { kind: "array", element: combine(a.element, b.element) };
  if (a.kind === b.kind) return a;
  const [widthA, widthB] = [WIDTHS[a.kind], WIDTHS[b.kind]];
  if (widthA === undefined || widthB === undefined) return { kind: "string" };
  return widthA > widthB ? a : b;
}

export function combineStructTypes(a: StructType, b: StructType): StructType {
  const members = new Map(a.members);
  for (const [name, type] of b.members) {
    const known = members.get(name);
    members.set(name, known === undefined ? type : combine(known, type));
  }
  return { kind: "struct", members };
}

/** The type of all lines together; undefined when a line is not a JSON object. */
export function typeOfLines(text: string): StructType | undefined {
  let type: JsonType = { kind: "null" };
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const value = parseJson(line);
    if (!isObject(value)) return undefined;
    type = combine(type, typeOfJson(value));
  }
  return type.kind === "struct" ? type : undefined;
}

const HIVE_TYPES: Readonly<Record<string, string>> = {
  VARCHAR: "string",
  BOOLEAN: "boolean",
  TINYINT: "tinyint",
  SMALLINT: "smallint",
  INTEGER: "int",
  BIGINT: "bigint",
  FLOAT: "float",
  DOUBLE: "double",
  DATE: "date",
  TIMESTAMP: "timestamp",
  "TIMESTAMP WITH TIME ZONE": "timestamp",
  BLOB: "binary",
};

/** The columns of Parquet files together, by name. Throws NotEmulatedError for a column type that is not emulated. */
export async function parquetColumns(files: readonly Uint8Array[]): Promise<Column[]> {
  const directory = await mkdtemp(join(tmpdir(), "crawl-"));
  try {
    await Promise.all(files.map((body, index) => writeFile(join(directory, `${index}.parquet`), body)));
    return await describe(join(directory, "*.parquet"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function describe(pattern: string): Promise<Column[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet($pattern, union_by_name = true))",
      { pattern },
    );
    return reader
      .getRows()
      .map(([name, type]) => ({ Name: String(name).toLowerCase(), Type: hiveType(String(type)) }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function hiveType(type: string): string {
  if (type.startsWith("DECIMAL")) return type.toLowerCase();
  const hive = HIVE_TYPES[type];
  if (hive === undefined) throw new NotEmulatedError(`a crawler over Parquet columns of type ${type}`);
  return hive;
}
