import { parseArgs } from "node:util";
import { closest } from "fastest-levenshtein";
import { UsageError } from "../../local/command-line.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { placeOf } from "../stack/options.ts";
import { requireColumns } from "./plot-columns.ts";

export const FORMATS = ["table", "csv", "json"] as const;
export type Format = (typeof FORMATS)[number];

export interface QueryCommand {
  readonly query: SavedQuery;
  /** Whether the query is SQL of the command line, which has no header. */
  readonly isAdHoc: boolean;
  readonly format: Format;
  /** Columns to draw; none named: the first ones of one unit. Undefined: no plot. */
  readonly plot: readonly string[] | undefined;
  /** Output folder of a local run, or the name of a stack on AWS. */
  readonly place: { readonly directory: string } | { readonly stack: string };
  /** Values of parameters by name, as they were typed. */
  readonly given: Readonly<Record<string, string | undefined>>;
}

/** Reads `NAME [--plot [COLUMN…]] [--format F] [--out DIR | --stack S] [--PARAMETER VALUE …]`; undefined when help is asked for. Throws {@link UsageError}. */
export function parseCommand(
  argv: readonly string[],
  queries: readonly SavedQuery[],
): QueryCommand | undefined {
  const name = nameIn(argv, queries);
  if (name === undefined || argv.includes("--help")) return undefined;
  const query = findQuery(name, queries);
  const { texts, plot, positionals } = parseOptions(argv, query);
  const { format, out, stack, ...given } = texts;
  const columns = positionals.slice(1);
  if (positionals[0] !== name || (columns.length > 0 && !plot))
    throw new UsageError(`give one query and its options, not "${argv.join(" ")}"`);
  if (plot && format !== undefined)
    throw new UsageError("--plot and --format are two ways to show a result: give one");
  if (plot) requireColumns(query, columns, queries);
  return {
    query,
    isAdHoc: false,
    format: parseFormat(format ?? "table"),
    plot: plot ? columns : undefined,
    place: parsePlace(out, stack),
    given,
  };
}

/** A query's name wherever it is; else the first word, so that the message is about it. */
function nameIn(argv: readonly string[], queries: readonly SavedQuery[]): string | undefined {
  const isName = (argument: string) => queries.some(({ name }) => name === argument);
  return argv.find(isName) ?? argv.find((argument) => !argument.startsWith("-"));
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
  const names = ["format", "out", "stack", ...new Set(query.parameters.map((parameter) => parameter.name))];
  const texts = Object.fromEntries(names.map((option) => [option, { type: "string" as const }]));
  const options = { ...texts, plot: { type: "boolean" as const, default: false } };
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      tokens: true,
    });
    const { plot, ...given } = values;
    const named = tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []));
    const twice = named.find((option, index) => named.indexOf(option) !== index);
    if (twice !== undefined) throw new UsageError(`--${twice} is given twice: give it once`);
    return { texts: given as Record<string, string | undefined>, plot: plot === true, positionals };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const allowed = [...names, "plot"].map((option) => `--${option}`).join(", ");
    const message = cause instanceof Error ? cause.message : String(cause);
    const dashed = message.includes("starting with a dash")
      ? "; write a value that begins with a dash as --OPTION=-1"
      : "";
    throw new UsageError(`${message.split(/[.\n]/)[0]}${dashed}; ${query.name} takes ${allowed}`, { cause });
  }
}

/** Throws {@link UsageError}. */
export function parseFormat(text: string): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(`--format is "${text}"; it is one of ${FORMATS.join(", ")}`);
  return format;
}

export function parsePlace(directory: string | undefined, stack: string | undefined): QueryCommand["place"] {
  const place = placeOf({ stack, out: directory });
  return place.localRun === undefined ? { stack: place.stack } : { directory: place.localRun };
}
