import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { ReplayError } from "./error.ts";
import { isoSeconds, type Reading, sameValues } from "./measures.ts";

export interface Row {
  /** 1-based line of the file. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A reading and the line it was read from. */
export interface ReadingRow {
  readonly line: number;
  readonly reading: Reading;
}

/**
 * Passes every row of a CSV to `read` and collects the results; rows for which it returns undefined are skipped.
 * Rows are converted one by one, so that a year of minutes is never in memory as text cells.
 * @throws {ReplayError} for text that is not CSV, and whatever `read` throws.
 */
export function readRows(
  file: string,
  bytes: Uint8Array,
  format: { delimiter: string; comment?: string },
  read: (row: Row) => ReadingRow | undefined,
): readonly ReadingRow[] {
  const rows: ReadingRow[] = [];
  try {
    parse(bytes, {
      ...format,
      comment_no_infix: true,
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        const row = read({ line: lines, cells });
        if (row !== undefined) rows.push(row);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ReplayError({ file, problem: `not a CSV: ${error.message}`, cause: error });
  }
  return rows;
}

/**
 * Readings in chronological order. Rows that repeat another are dropped.
 * @throws {ReplayError} when two rows give different values for one time, or when there are no rows.
 */
export function inOrder(file: string, rows: readonly ReadingRow[]): readonly Reading[] {
  if (rows.length === 0)
    throw new ReplayError({ file, problem: "has a header but no row; at least one is needed" });
  const sorted = rows.toSorted((a, b) => a.reading.time.getTime() - b.reading.time.getTime());
  return sorted.filter((row, index) => !repeats(file, sorted[index - 1], row)).map((row) => row.reading);
}

function repeats(file: string, previous: ReadingRow | undefined, row: ReadingRow): boolean {
  const { time, values } = row.reading;
  if (previous?.reading.time.getTime() !== time.getTime()) return false;
  if (sameValues(previous.reading.values, values)) return true;
  throw new ReplayError({
    file,
    line: row.line,
    problem: `other values for ${isoSeconds(time)} than line ${previous.line}; one reading per time is allowed`,
  });
}
