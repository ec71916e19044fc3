import type { Column } from "./catalog.ts";
import { combine, type JsonType, type StructType } from "./infer.ts";

/** Glue's limit of a column's name: https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html */
const COLUMN_NAME_LIMIT = 255;
/** Hive separates the names of a table's columns by commas. */
const COLUMN_NAME = /^[^,\p{Cc}]+$/u;
/** Characters of a name within `struct<…>` that Hive's `TypeInfoUtils` can parse; another one breaks the whole table. */
const MEMBER_NAME = /^[\p{L}\p{N}_.$ ]+$/u;

/** Reports a field that is omitted from the schema: its path in a line, and the reason. */
export type OmissionReport = (field: string, reason: string) => void;

/**
 * The columns of a table of JSON lines. Catalog, Athena and Spark ignore the case of names. Fields that differ only in case
 * form one column, with the first spelling as its name and a type for all values. Fields whose names a schema cannot
 * contain are omitted and reported.
 */
export function jsonColumns(
  lines: StructType,
  partitionKeys: readonly Column[],
  report: OmissionReport,
): Column[] {
  const columns = [...foldedMembers(lines, { path: "", problem: columnProblem, report })].map(
    ([Name, { path, type }]) => ({ Name, Type: hiveType(type, path, report) }),
  );
  return withoutPartitionColumns(columns, partitionKeys, report);
}

/** A table cannot have a column with the name of a partition column; the partition column wins. */
export function withoutPartitionColumns(
  columns: readonly Column[],
  partitionKeys: readonly Column[],
  report: OmissionReport,
): Column[] {
  const taken = new Set(partitionKeys.map(({ Name }) => Name.toLowerCase()));
  return columns.filter(({ Name }) => {
    if (taken.has(Name)) report(shown(Name), "it has the name of a partition column");
    return !taken.has(Name);
  });
}

/** The type in the catalog's notation. A type that is always null, and a struct without members, become a string. */
function hiveType(type: JsonType, path: string, report: OmissionReport): string {
  if (type.kind === "array") return `array<${hiveType(type.element, `${path}[]`, report)}>`;
  if (type.kind === "null") return "string";
  if (type.kind !== "struct") return type.kind;
  const members = foldedMembers(type, { path: `${path}.`, problem: memberProblem, report });
  if (members.size === 0) return "string";
  const texts = [...members.values()].map(
    (member) => `${member.name}:${hiveType(member.type, member.path, report)}`,
  );
  return `struct<${texts.join(",")}>`;
}

interface Member {
  /** The spelling of the first object. */
  readonly name: string;
  readonly path: string;
  readonly type: JsonType;
}

/** Members by their name in lower case. */
function foldedMembers(
  { members }: StructType,
  options: {
    path: string;
    problem: (name: string) => string | undefined;
    report: OmissionReport;
  },
): Map<string, Member> {
  const folded = new Map<string, Member>();
  for (const [name, type] of members) {
    const key = name.toLowerCase();
    const path = `${options.path}${shown(name)}`;
    const same = folded.get(key);
    const problem = options.problem(name);
    if (problem !== undefined) {
      options.report(path, problem);
    } else if (same === undefined) {
      folded.set(key, { name, path, type });
    } else {
      options.report(path, `it differs from "${same.name}" only in case`);
      folded.set(key, { ...same, type: combine(same.type, type) });
    }
  }
  return folded;
}

function columnProblem(name: string): string | undefined {
  if (name === "") return "its name is empty";
  if (name.length > COLUMN_NAME_LIMIT)
    return `its name has ${name.length} characters, of ${COLUMN_NAME_LIMIT} allowed`;
  return COLUMN_NAME.test(name) ? undefined : "its name has a comma or a control character";
}

function memberProblem(name: string): string | undefined {
  if (name === "") return "its name is empty";
  if (MEMBER_NAME.test(name)) return undefined;
  return "its name has a character that a column type cannot contain; allowed are letters, digits, _ . $ and space";
}

const SHOWN_CHARACTERS = 80;

/** A name as part of a path, quoted unless it is plain, and shortened if it is long. */
function shown(name: string): string {
  if (/^\w+$/.test(name) && name.length <= SHOWN_CHARACTERS) return name;
  return JSON.stringify(name.length > SHOWN_CHARACTERS ? `${name.slice(0, SHOWN_CHARACTERS)}…` : name);
}
