import { quoted, ReplayError } from "./error.ts";
import { collectValues, MEASURES, type MeasureColumn, type Reading, utcInstant } from "./measures.ts";
import { inOrder, type ReadingRow, type Row, readRows } from "./rows.ts";

/**
 * Hourly CSV of INMET, Brazil's meteorological institute (https://portal.inmet.gov.br/dadoshistoricos): `;` between
 * columns, decimal comma, one line per hour. Files differ by year: `2018-01-01;00:00` or `2024/01/01;0000 UTC`, with
 * or without eight lines about the station before the header.
 */
const COLUMNS = 19;
const HEADER = /^Data\b[^;]*;\s*Hora\b/i;
const METADATA = /^(regi.{1,4}o|uf|esta.{1,4}o|codigo|latitude|longitude|altitude|data de funda.*)\b.*:/i;
const YEAR_FIRST = /^\d{4}([/-])\d{2}\1\d{2}$/;
const DAY_FIRST = /^(\d{2})\/(\d{2})\/(\d{4})$/;
const HOUR = /^([01]\d|2[0-3]):?([0-5]\d)(?: UTC)?$/;
const DECIMAL_COMMA = /^-?(\d+|\d*,\d+)$/;
/** INMET's value for "not measured" until 2018; later years leave the cell blank. */
const NOT_MEASURED = -9999;

/** Whether one of the file's first lines is the header of an INMET hourly CSV, or describes its station. */
export function isInmet(firstLines: readonly string[]): boolean {
  return firstLines.some((line) => HEADER.test(line)) || METADATA.test(firstLines[0] ?? "");
}

/**
 * @returns the readings in chronological order; a blank cell is null, never 0.
 * @throws {ReplayError} naming line, column and value of the first cell that cannot be read.
 */
export function readInmet(file: string, bytes: Uint8Array): readonly Reading[] {
  let header: Row | undefined;
  const rows = readRows(file, bytes, { delimiter: ";" }, (row) => {
    if (header !== undefined) return readRow(file, row);
    if (!METADATA.test(row.cells.join(";"))) {
      checkHeader(file, row);
      header = row;
    }
    return undefined;
  });
  if (header === undefined)
    throw new ReplayError({ file, problem: "has no header; allowed: Data;Hora UTC;…" });
  return inOrder(file, rows);
}

function checkHeader(file: string, { line, cells }: Row): void {
  if (!HEADER.test(cells.join(";"))) {
    throw new ReplayError({
      file,
      line,
      problem: `header ${quoted(cells.join(";"))}; an INMET header begins with Data;Hora UTC;…`,
    });
  }
  for (const { column, inmet } of MEASURES) {
    const title = cells[inmet.position - 1];
    if (title !== undefined && inmet.title.test(title)) continue;
    throw new ReplayError({
      file,
      line,
      column: String(inmet.position),
      problem: `title ${quoted(title ?? "")}; allowed: INMET's ${COLUMNS} columns in their order, in which this one is ${column}`,
    });
  }
}

function readRow(file: string, row: Row): ReadingRow {
  checkWidth(file, row);
  const time = readTime(file, row);
  return {
    line: row.line,
    reading: { time, values: collectValues((measure) => readNumber(file, row, measure)) },
  };
}

/** INMET ends every line with a `;`, which adds a blank cell. */
function checkWidth(file: string, { line, cells }: Row): void {
  const surplus = cells.slice(COLUMNS).find((cell) => cell !== "");
  if (cells.length >= COLUMNS && surplus === undefined) return;
  throw new ReplayError({ file, line, problem: `${cells.length} columns; an INMET row has ${COLUMNS}` });
}

function readTime(file: string, { line, cells }: Row): Date {
  const [date = "", hour = ""] = cells;
  if (!HOUR.test(hour)) {
    const problem = `${quoted(hour)} is not an hour of the day; allowed: 0000 UTC to 2300 UTC, or 00:00 to 23:00`;
    throw new ReplayError({ file, line, column: "2 (hour)", problem });
  }
  const instant = utcInstant(isoDay(date), hour.replace(HOUR, "$1:$2"));
  if (instant === undefined) {
    const problem = `${quoted(date)} is not a date; allowed: a day of the calendar as YYYY/MM/DD, YYYY-MM-DD or DD/MM/YYYY`;
    throw new ReplayError({ file, line, column: "1 (date)", problem });
  }
  return instant;
}

/** INMET's notations of a day as `YYYY-MM-DD`; other text is returned as it is and is not a valid day. */
function isoDay(date: string): string {
  return YEAR_FIRST.test(date) ? date.replaceAll("/", "-") : date.replace(DAY_FIRST, "$3-$2-$1");
}

function readNumber(file: string, { line, cells }: Row, { column, inmet }: MeasureColumn): number | null {
  const cell = cells[inmet.position - 1] ?? "";
  if (cell === "") return null;
  if (!DECIMAL_COMMA.test(cell)) {
    const problem = `${quoted(cell)} is not a number; allowed: digits with a decimal comma such as 25,8 or ,8, or blank`;
    throw new ReplayError({ file, line, column: `${inmet.position} (${column})`, problem });
  }
  const value = Number(cell.replace(",", "."));
  return value === NOT_MEASURED ? null : value;
}
