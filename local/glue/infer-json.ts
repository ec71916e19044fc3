type ScalarKind = "null" | "boolean" | "int" | "bigint" | "double" | "string";

/** What is known of a JSON value's type; `null` has been seen nowhere else but null. */
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

/** The type of one parsed JSON value. JSON does not tell 8.0 from 8, so a whole number is an integer. */
function typeOfJson(value: unknown): JsonType {
  if (value === null || value === undefined) return { kind: "null" };
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: kindOfNumber(value) };
  if (Array.isArray(value)) {
    return { kind: "array", element: value.map(typeOfJson).reduce(combine, { kind: "null" }) };
  }
  if (typeof value === "object") {
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

/** Kinds of numbers; the wider holds the narrower. */
const WIDTHS: Readonly<Record<string, number>> = { int: 1, bigint: 2, double: 3 };

/** The narrowest type that holds both: numbers widen, structs take the members of both, what contradicts is a string. */
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

/** The type of all lines together; undefined when a line is no JSON object, so that the file is none of JSON lines. */
export function typeOfLines(text: string): StructType | undefined {
  let type: JsonType = { kind: "null" };
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const value = parseObject(line);
    if (value === undefined) return undefined;
    type = combine(type, typeOfJson(value));
  }
  return type.kind === "struct" ? type : undefined;
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
