import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../lib/user-error.ts";
import { PARAMETER_KINDS, parseParameter, type QueryParameter } from "./parameters.ts";
import { placeholdersOf } from "./placeholders.ts";

export interface QueryColumn {
  readonly name: string;
  /** Unit of the figures; absent where there is none. */
  readonly unit?: string;
}

export interface SavedQuery {
  /** File name without `.sql`. */
  readonly name: string;
  readonly title: string;
  readonly question: string;
  readonly columns: readonly QueryColumn[];
  /** One for each `?`, in the order of the text. */
  readonly parameters: readonly QueryParameter[];
  /** What it reads and how that grows, for who pays by the bytes scanned. */
  readonly cost: string;
  /** The whole file, header included, in Athena's dialect. */
  readonly sql: string;
}

/**
 * Thrown when a file's header lacks a field, says one twice or names other parameters than the text has `?`, or when a `?`
 * stands where Athena takes none.
 */
export class SavedQueryError extends UserError {
  override readonly name = "SavedQueryError";
}

const FIELDS = ["title", "question", "columns", "parameters", "cost"] as const;
/** A query may have no parameters. */
const REQUIRED = ["title", "question", "columns", "cost"] as const satisfies readonly Field[];
type Field = (typeof FIELDS)[number];
type Header = ReadonlyMap<Field, string>;

/** A file of the folder that is not a saved query, with what is wrong with it. */
interface SkippedFile {
  /** File name without `.sql`. */
  readonly name: string;
  readonly error: SavedQueryError;
}

/** The saved queries of a folder, by name. Throws {@link SavedQueryError} naming the file and what is wrong with it. */
export function readSavedQueries(directory: string): SavedQuery[] {
  const { queries, skipped } = readUsableQueries(directory);
  for (const { error } of skipped) throw error;
  return queries;
}

/** The saved queries of a folder, by name, and beside them the files that have an error: the others still run. */
export function readUsableQueries(directory: string): { queries: SavedQuery[]; skipped: SkippedFile[] } {
  const queries: SavedQuery[] = [];
  const skipped: SkippedFile[] = [];
  for (const file of readdirSync(directory).sort()) {
    if (!file.endsWith(".sql")) continue;
    const name = basename(file, ".sql");
    try {
      queries.push(parseSavedQuery(name, readFileSync(join(directory, file), "utf8")));
    } catch (error) {
      if (!(error instanceof SavedQueryError)) throw error;
      skipped.push({ name, error });
    }
  }
  return { queries, skipped };
}

/** One saved query from its text: `-- field: value` lines on top, a value continued by lines indented further. */
export function parseSavedQuery(name: string, sql: string): SavedQuery {
  const header = parseHeader(name, sql);
  requireFields(name, header);
  const query: SavedQuery = {
    name,
    title: header.get("title") ?? "",
    question: header.get("question") ?? "",
    columns: listOf(header.get("columns") ?? "").map(parseColumn),
    parameters: listOf(header.get("parameters") ?? "").map((text) => readParameter(name, text)),
    cost: header.get("cost") ?? "",
    sql,
  };
  requirePlaceholders(query);
  return query;
}

function parseHeader(name: string, sql: string): Header {
  const header = new Map<Field, string>();
  let current: Field | undefined;
  for (const line of sql.split("\n")) {
    if (!line.startsWith("--")) break;
    const [, word, value] = /^-- ([a-z]+): *(.*)$/.exec(line) ?? [];
    const field = FIELDS.find((known) => known === word);
    const continued = /^--\s{2,}(.+)$/.exec(line)?.[1];
    if (field !== undefined && value !== undefined) {
      if (header.has(field)) throw new SavedQueryError(`${name}.sql: "-- ${field}:" is there twice`);
      header.set(field, value.trim());
      current = field;
    } else if (continued !== undefined && current !== undefined) {
      header.set(current, `${header.get(current)} ${continued.trim()}`);
    } else {
      current = undefined;
    }
  }
  return header;
}

function requireFields(name: string, header: Header): void {
  const missing = REQUIRED.filter((field) => !header.get(field)).map((field) => `"-- ${field}: …"`);
  if (missing.length === 0) return;
  throw new SavedQueryError(
    `${name}.sql: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing on top of the file; ` +
      "docs/queries.md shows the lines with which a saved query begins",
  );
}

function listOf(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parseColumn(text: string): QueryColumn {
  const [name = "", ...unit] = text.split(/\s+/);
  return unit.length === 0 ? { name } : { name, unit: unit.join(" ") };
}

function readParameter(query: string, text: string): QueryParameter {
  const parameter = parseParameter(text);
  if (parameter === undefined) {
    throw new SavedQueryError(
      `${query}.sql: parameter "${text}" is not of the form "name = default", with ${PARAMETER_KINDS.map((kind) => `"(${kind})"`).join(", ")} or ` +
        `the allowed values "(this|that)" or "(low..high)" after it where needed, and a default among them`,
    );
  }
  return parameter;
}

/** Athena: "? parameters can be placed only in the WHERE clause". https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html */
function requirePlaceholders({ name, parameters, sql }: SavedQuery): void {
  const placeholders = placeholdersOf(sql);
  if (placeholders.length !== parameters.length) {
    const named = `${parameters.length} named in "-- parameters:"`;
    throw new SavedQueryError(
      `${name}.sql: the text has ${placeholders.length} ? but ${named}; name one for each, in order`,
    );
  }
  const position = placeholders.findIndex(({ isInWhere }) => !isInWhere);
  if (position === -1) return;
  const where = `the ? of "${parameters[position]?.name}" in line ${placeholders[position]?.line}`;
  throw new SavedQueryError(
    `${name}.sql: ${where} is outside of WHERE, and Athena takes parameters only there`,
  );
}
