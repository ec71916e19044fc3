import { UserError } from "../../lib/user-error.ts";
import type { QueryResult } from "../../local/athena/result.ts";
import type { QueryColumn, SavedQuery } from "../../queries/saved-queries.ts";

/** The column of times, where there is exactly one: its unit is `UTC` or begins with `local`, or it is a `local_day`. */
export function timeColumn({ columns }: SavedQuery): QueryColumn | undefined {
  const times = columns.filter(isTime);
  return times.length === 1 ? times[0] : undefined;
}

/** Columns of figures: those that have a unit and are no times. */
export function figureColumns({ columns }: SavedQuery): readonly QueryColumn[] {
  return columns.filter((column) => column.unit !== undefined && !isTime(column));
}

export function isPlottable(query: SavedQuery): boolean {
  return timeColumn(query) !== undefined && figureColumns(query).length > 0;
}

/** Throws {@link UserError} when a query has no times, naming those of `queries` that have, or has not these columns. */
export function requireColumns(
  query: SavedQuery,
  columns: readonly string[],
  queries: readonly SavedQuery[],
): void {
  if (!isPlottable(query)) {
    const names = queries.filter(isPlottable).map(({ name }) => name);
    throw new UserError(
      `${query.name} is no time series, so it cannot be plotted; these can: ${names.join(", ")}`,
    );
  }
  const allowed = figureColumns(query).map(({ name }) => name);
  const unknown = columns.find((column) => !allowed.includes(column));
  if (unknown !== undefined)
    throw new UserError(`${query.name} has no figures "${unknown}" to plot; it has ${allowed.join(", ")}`);
}

const TIME = /^\d{4}-\d\d(-\d\d( \d\d:\d\d:\d\d\.\d{3})?)?$/;

/** The columns of a result without a header: its values tell times and figures, which have no unit. */
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
