import { Command } from "@commander-js/extra-typings";
import { nearestOf } from "../../lib/nearest.ts";
import { UserError } from "../../lib/user-error.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import type { StackOptions } from "../stack/open.ts";
import { stackOptionsOf } from "../stack/options.ts";
import { requireColumns } from "./plot-columns.ts";

const FORMATS = ["table", "csv", "json"] as const;
export type Format = (typeof FORMATS)[number];

/** Options that every query takes, as they were typed. */
export interface QueryOptions {
  readonly format?: string | undefined;
  readonly json: boolean;
  readonly plot: boolean;
  readonly stack?: string | undefined;
  readonly out?: string | undefined;
}

export interface QueryCommand {
  readonly query: SavedQuery;
  /** Whether the query is SQL of the command line, which has no header. */
  readonly isAdHoc: boolean;
  readonly format: Format;
  /** Columns to draw; none named: the first ones of one unit. Undefined: no plot. */
  readonly plot: readonly string[] | undefined;
  /** Where the query runs. */
  readonly on: StackOptions;
  /** Values of parameters by name, as they were typed. */
  readonly given: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads `NAME [COLUMN…] [--PARAMETER VALUE …]`, with the name anywhere.
 *
 * @param words what is left of the command line when the options of every query are taken
 * @throws {UserError}
 */
export function parseCommand(
  words: readonly string[],
  options: QueryOptions,
  queries: readonly SavedQuery[],
): QueryCommand {
  const query = findQuery(nameIn(words, queries), queries);
  const { given, positionals } = parseParameters(query, words);
  const columns = positionals.toSpliced(positionals.indexOf(query.name), 1);
  if (columns.length > 0 && !options.plot)
    throw new UserError(`give one query and its options, not also "${columns.join(" ")}"`);
  const shown = shownAs(options, columns);
  if (shown.plot !== undefined) requireColumns(query, columns, queries);
  return { query, isAdHoc: false, ...shown, on: stackOptionsOf(options), given };
}

/** How a result is shown. @throws {UserError} for a format that does not exist, or two ways at once. */
export function shownAs({ format, json, plot }: QueryOptions, columns: readonly string[]) {
  if (plot && (json || format !== undefined))
    throw new UserError("--plot and --format are two ways to show a result: give one");
  const asked = json ? "json" : (format ?? "table");
  const known = FORMATS.find((candidate) => candidate === asked);
  if (known === undefined) throw new UserError(`--format is "${asked}"; it is one of ${FORMATS.join(", ")}`);
  return { format: known, plot: plot ? columns : undefined };
}

/** A query's name wherever it is; else the first word, so that the error is about it. */
export function nameIn(words: readonly string[], queries: readonly SavedQuery[]): string | undefined {
  const isName = (word: string) => queries.some(({ name }) => name === word);
  return words.find(isName) ?? words.find((word) => !word.startsWith("-"));
}

/** @throws {UserError} with the name that was probably meant */
export function findQuery(name: string | undefined, queries: readonly SavedQuery[]): SavedQuery {
  const query = queries.find((candidate) => candidate.name === name);
  if (query !== undefined) return query;
  if (name === undefined) throw new UserError("no saved query is named; npx stormwire query lists them");
  const meant = nearestOf(
    name,
    queries.map((candidate) => candidate.name),
  );
  throw new UserError(`no saved query "${name}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`);
}

function parseParameters(query: SavedQuery, words: readonly string[]) {
  const command = new Command(query.name).argument("[words...]").exitOverride().helpOption(false);
  const names = [...new Set(query.parameters.map(({ name }) => name))];
  for (const name of names) command.option(`--${name} <value>`, "", once(name));
  const says: string[] = [];
  command.configureOutput({ outputError: (text) => says.push(text) });
  try {
    command.parse(words, { from: "user" });
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const problem =
      says
        .join("")
        .replace(/^error: /, "")
        .split("\n")[0] ?? String(cause);
    const allowed = [...names, "format", "json", "plot", "out", "stack"]
      .map((name) => `--${name}`)
      .join(", ");
    throw new UserError(`${problem}; ${query.name} takes ${allowed}`, { cause });
  }
  const given = Object.fromEntries(names.map((name) => [name, command.getOptionValue(camelCase(name))]));
  return { given: given as Record<string, string | undefined>, positionals: command.args };
}

function once(name: string) {
  return (text: string, before: string | undefined) => {
    if (before !== undefined) throw new UserError(`--${name} is given twice: give it once`);
    if (/^--\w/.test(text)) throw new UserError(`--${name} needs a value, found ${text}`);
    return text;
  };
}

/** As commander names the value of an option. */
function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
