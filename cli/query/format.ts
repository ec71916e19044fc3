import { counted } from "../../lib/counted.ts";
import { type Cell, type QueryResult, resultCsv } from "../../local/athena/result.ts";
import type { QueryParameter } from "../../queries/parameters.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { alignColumns, tableLines } from "../columns.ts";
import type { Format } from "./arguments.ts";

/** The answer of a saved query as text, ending in a newline. */
export function formatResult(query: SavedQuery, result: QueryResult, format: Format): string {
  if (format === "csv") return resultCsv(result);
  if (format === "json") return `${JSON.stringify(rowObjects(result), null, 2)}\n`;
  return `${formatHeading(query)}${formatTable(query, result)}`;
}

/** Title and question; SQL of the command line has none. */
export function formatHeading({ title, question }: SavedQuery): string {
  return title === "" ? "" : `${title}\n${question}\n\n`;
}

function rowObjects({ columns, rows }: QueryResult): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

/**
 * Columns side by side, numbers to the right, each column's unit below its name. Where so many do not fit into the terminal,
 * each row is a block of its own.
 * @param indent characters that the caller puts before each line
 */
export function formatTable(query: SavedQuery, { columns, rows }: QueryResult, indent = 0): string {
  const units = new Map(query.columns.map(({ name, unit }) => [name, unit ?? ""]));
  const isNumber = columns.map((_, index) => rows.some((row) => typeof row[index] === "number"));
  const table = {
    head: columns.map(({ name }) => name),
    units: units.size > 0 ? columns.map(({ name }) => units.get(name) ?? "") : undefined,
    rows: rows.map((row) => row.map(cellOfTable)),
  };
  return `${[...tableLines(table, isNumber, indent), "", counted(rows.length, "row")].join("\n")}\n`;
}

/** NULL is a dash; a time is shown to the minute where it has no seconds. */
function cellOfTable(cell: Cell): string {
  if (cell === null) return "–";
  return String(cell).replace(
    /^(\d{4}-\d\d-\d\d \d\d:\d\d)(:00)?(:\d\d)?\.000$/,
    (_, minute, __, seconds = "") => `${minute}${seconds}`,
  );
}

/** The saved queries with their titles, one a line. */
export function formatList(queries: readonly SavedQuery[]): string {
  const { lines } = alignColumns(queries.map(({ name, title }) => [`  ${name}`, title]));
  return `Saved queries\n\n${lines.join("\n")}\n\nnpx stormwire query NAME runs one, npx stormwire query --help lists the options.\n`;
}

/** One query's options with their defaults. */
export function formatHelp(query: SavedQuery): string {
  const options = new Map(query.parameters.map((parameter) => [parameter.name, formatDefault(parameter)]));
  const lines = [...options].map(([name, value]) => `  --${name} (${value})`);
  return `${query.name}: ${query.title}\n${query.question}\n\n${lines.join("\n")}\n\nScans ${query.cost}.\n`;
}

function formatDefault({ default: value, allowed }: QueryParameter): string {
  return allowed === undefined ? String(value) : `${value}; one of ${allowed.join(", ")}`;
}
