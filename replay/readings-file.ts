import { quoted, ReplayError } from "./error.ts";
import { collectValues, isoSeconds, MEASURES, type Reading, utcInstant } from "./measures.ts";
import { inOrder, type Row, readRows } from "./rows.ts";

/**
 * The encoding of the readings in `data/`: comment lines beginning with `#`, then a CSV whose header names each
 * measure with its unit. Columns are found by name: their order is free, and all but the time may be absent.
 */
const TIME_COLUMN = "time_utc";
const TIME = /^(\d{4}-\d{2}-\d{2})T((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)Z$/;
const DECIMAL_POINT = /^-?\d+(\.\d+)?$/;
const COLUMN_NAMES: readonly string[] = [TIME_COLUMN, ...MEASURES.map(({ column }) => column)];

/** Whether the first line that is not a comment is the header of a readings file. */
export function isReadingsFile(firstLines: readonly string[]): boolean {
  const header = firstLines.find((line) => line.trim() !== "" && !line.startsWith("#"));
  return header?.split(",").some((name) => name.trim() === TIME_COLUMN) ?? false;
}

/**
 * @returns the readings in chronological order; a blank cell is null, never 0.
 * @throws {ReplayError} naming line, column and value of the first cell that cannot be read.
 */
export function readReadings(file: string, bytes: Uint8Array): readonly Reading[] {
  let header: readonly string[] | undefined;
  const rows = readRows(file, bytes, { delimiter: ",", comment: "#" }, (row) => {
    if (header !== undefined) return { line: row.line, reading: readRow(file, header, row) };
    checkHeader(file, row);
    header = row.cells;
    return undefined;
  });
  return inOrder(file, rows);
}

/** The readings as a readings file; `comments` are its first lines, without the `#`. */
export function writeReadings(readings: readonly Reading[], comments: readonly string[]): string {
  const rows = readings.map(({ time, values }) =>
    [isoSeconds(time), ...MEASURES.map(({ field }) => values[field] ?? "")].join(","),
  );
  return `${[...comments.map((line) => `# ${line}`), COLUMN_NAMES.join(","), ...rows].join("\n")}\n`;
}

function checkHeader(file: string, { line, cells }: Row): void {
  const unknown = cells.find((name) => !COLUMN_NAMES.includes(name));
  const repeated = cells.find((name, index) => cells.indexOf(name) !== index);
  const fault = unknown === undefined ? repeated : unknown;
  if (fault !== undefined) {
    const kind = unknown === undefined ? "given twice" : "unknown";
    throw new ReplayError({
      file,
      line,
      column: quoted(fault),
      problem: `${kind}; allowed, once each: ${COLUMN_NAMES.join(", ")}`,
    });
  }
  if (cells.length > 1) return;
  throw new ReplayError({
    file,
    line,
    problem: `the header names no measure; allowed: ${COLUMN_NAMES.slice(1).join(", ")}`,
  });
}

function readRow(file: string, header: readonly string[], row: Row): Reading {
  if (row.cells.length !== header.length) {
    const problem = `${row.cells.length} columns; the header has ${header.length}`;
    throw new ReplayError({ file, line: row.line, problem });
  }
  const time = readTime(file, row.line, row.cells[header.indexOf(TIME_COLUMN)] ?? "");
  const values = collectValues(({ column }) =>
    readNumber(file, row.line, column, row.cells[header.indexOf(column)] ?? ""),
  );
  return { time, values };
}

function readTime(file: string, line: number, cell: string): Date {
  const [, day = "", timeOfDay = ""] = TIME.exec(cell) ?? [];
  const instant = utcInstant(day, timeOfDay);
  if (instant !== undefined) return instant;
  const problem = `${quoted(cell)} is not a time; allowed: UTC as 2024-04-30T11:00:00Z, on a day of the calendar`;
  throw new ReplayError({ file, line, column: TIME_COLUMN, problem });
}

function readNumber(file: string, line: number, column: string, cell: string): number | null {
  if (cell === "") return null;
  if (DECIMAL_POINT.test(cell)) return Number(cell);
  const problem = `${quoted(cell)} is not a number; allowed: digits with a decimal point such as 25.8, or blank`;
  throw new ReplayError({ file, line, column, problem });
}
