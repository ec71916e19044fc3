import { parseArgs } from "node:util";
import { closest } from "fastest-levenshtein";
import type { QueryParameter } from "../../etl/query-parameters.ts";
import type { SavedQuery } from "../../etl/saved-queries.ts";
import { UsageError } from "../../local/command-line.ts";

export const FORMATS = ["table", "csv", "json"] as const;
export type Format = (typeof FORMATS)[number];

export interface QueryCommand {
  readonly query: SavedQuery;
  readonly format: Format;
  /** Output folder of the local run. */
  readonly directory: string;
  /** One for each `?`. */
  readonly values: readonly (string | number)[];
}

/** Reads `NAME [--format F] [--out DIR] [--PARAMETER VALUE …]`; undefined when no query is named. Throws {@link UsageError}. */
export function parseCommand(
  argv: readonly string[],
  queries: readonly SavedQuery[],
): QueryCommand | undefined {
  const name = argv.find((argument) => !argument.startsWith("-"));
  if (name === undefined || argv.includes("--help")) return undefined;
  const query = findQuery(name, queries);
  const given = parseOptions(argv, query);
  const [named, ...others] = given.positionals;
  if (named !== name || others.length > 0)
    throw new UsageError(`give one query and its options, not "${argv.join(" ")}"`);
  return {
    query,
    format: parseFormat(given.values.format ?? "table"),
    directory: given.values.out ?? ".local",
    values: query.parameters.map((parameter) => parameterValue(parameter, given.values[parameter.name])),
  };
}

function findQuery(name: string, queries: readonly SavedQuery[]): SavedQuery {
  const query = queries.find((candidate) => candidate.name === name);
  if (query !== undefined) return query;
  // What begins the same is meant rather than what happens to be as short.
  const longer = queries.find((candidate) => candidate.name.startsWith(name));
  const nearest =
    longer?.name ??
    closest(
      name,
      queries.map((candidate) => candidate.name),
    );
  throw new UsageError(`no saved query "${name}"; did you mean "${nearest}"?`);
}

function parseOptions(argv: readonly string[], query: SavedQuery) {
  const names = ["format", "out", ...new Set(query.parameters.map((parameter) => parameter.name))];
  const options = Object.fromEntries(names.map((option) => [option, { type: "string" as const }]));
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { values: values as Readonly<Record<string, string | undefined>>, positionals };
  } catch (cause) {
    const allowed = names.map((option) => `--${option}`).join(", ");
    const problem = cause instanceof Error ? (cause.message.split(/[.\n]/)[0] ?? "") : String(cause);
    throw new UsageError(`${problem}; ${query.name} takes ${allowed}`, { cause });
  }
}

function parseFormat(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(`--format is "${text}"; it is one of ${FORMATS.join(", ")}`);
  return format;
}

function parameterValue(parameter: QueryParameter, text: string | undefined): string | number {
  if (text === undefined) return parameter.default;
  if (typeof parameter.default === "string") return text;
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number))
    throw new UsageError(`--${parameter.name} is "${text}"; it is a number`);
  return number;
}
