import { UserError } from "../../lib/user-error.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import type { QueryColumn, SavedQuery } from "../../queries/saved-queries.ts";

/** The column of times, where there is exactly one: its unit is `UTC` or begins with `local`, or it is a `local_day`. */
export function timeColumn({ columns }: SavedQuery): QueryColumn | undefined {
  const times = columns.filter(isTime);
  return times.length === 1 ? times[0] : undefined;
}

/** Columns of values: those that have a unit and are not times. */
export function valueColumns({ columns }: SavedQuery): readonly QueryColumn[] {
  return columns.filter((column) => column.unit !== undefined && !isTime(column));
}

export function isPlottable(query: SavedQuery): boolean {
  return timeColumn(query) !== undefined && valueColumns(query).length > 0;
}

/** Throws {@link UserError} for a query without times, naming those of `queries` that have them, and for an unknown column. */
export function requireColumns(
  query: SavedQuery,
  columns: readonly string[],
  queries: readonly SavedQuery[],
): void {
  if (!isPlottable(query)) {
    const names = queries.filter(isPlottable).map(({ name }) => name);
    throw new UserError(
      `${query.name} is not a time series, so it cannot be plotted; these can: ${names.join(", ")}`,
    );
  }
  const allowed = valueColumns(query).map(({ name }) => name);
  const unknown = columns.find((column) => !allowed.includes(column));
  if (unknown !== undefined)
    throw new UserError(`${query.name} has no values "${unknown}" to plot; it has ${allowed.join(", ")}`);
}

const TIME = /^\d{4}-\d\d(-\d\d( \d\d:\d\d:\d\d\.\d{3})?)?$/;

/** The columns of a result without a header: its values show which hold times and which hold numbers, which have no unit. */
export function columnsOf({ columns, rows }: QueryResult): QueryColumn[] {
  return columns.map(({ name }, index) => {
    const values = rows.map((row) => row[index]).filter((value) => value !== null);
    const isOf = (test: (value: unknown) => boolean) => values.length > 0 && values.every(test);
    if (isOf((value) => typeof value === "string" && TIME.test(value))) return { name, unit: "UTC" };
    return isOf((value) => typeof value === "number") ? { name, unit: "" } : { name };
  });
}

function isTime({ name, unit = "" }: QueryColumn): boolean {
  return unit === "UTC" || /^local\b/.test(unit) || name === "local_day";
}
