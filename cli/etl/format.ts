import { styleText } from "node:util";
import type { JobReport, TableReport } from "../../etl/report.ts";
import { tableLines } from "../columns.ts";

/** A run's report for people: each day that was not up to date, with its reason, each object that was skipped, then counts. */
export function formatReport(stack: string, report: JobReport): string {
  const sections = [[title(stack, report)], days(report), skipped(report), counts(report)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function title(stack: string, { engine, run, dryRun, seconds, from, to }: JobReport): string {
  const asked = from === null && to === null ? "" : `, days ${from ?? "…"} to ${to ?? "…"}`;
  const how = dryRun ? "dry run, nothing was written" : `run ${run} on ${engine}, ${seconds} s`;
  return `${styleText("bold", `ETL of stack "${stack}"`)}${asked}: ${how}`;
}

function days({ tables, dryRun }: JobReport): string[] {
  const rows = Object.entries(tables).flatMap(([table, report]) =>
    Object.entries(report.reasons)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, reason]) => [table, day, stateOf(day, report, dryRun), reason]),
  );
  return rows.length === 0
    ? ["every day is up to date"]
    : underlined(["table", "day", "is", "because"], rows, []);
}

function skipped({ tables }: JobReport): string[] {
  const keys = Object.values(tables).flatMap(({ skippedKeys }) => skippedKeys);
  if (keys.length === 0) return [];
  const count = Object.values(tables).reduce((sofar, { skipped }) => sofar + skipped, 0);
  const more = count > keys.length ? [`and ${count - keys.length} more`] : [];
  return [
    ...underlined(
      ["skipped: belongs to no day, or cannot be read"],
      keys.map((key) => [key]),
      [],
    ),
    ...more,
  ];
}

function stateOf(day: string, { frozen }: TableReport, dryRun: boolean): string {
  if (frozen.includes(day)) return "frozen";
  return dryRun ? "stale" : "rebuilt";
}

function counts({ tables, dryRun }: JobReport): string[] {
  const all = Object.entries(tables);
  if (dryRun) {
    const rows = all.map(([name, { stale, frozen, upToDate }]) => [
      name,
      stale.length,
      frozen.length,
      upToDate,
    ]);
    return underlined(["table", "stale", "frozen", "up to date"], rows, [false, true, true, true]);
  }
  const head = [
    "table",
    "rebuilt",
    "frozen",
    "up to date",
    "lines",
    "rows",
    "duplicates",
    "rejected",
    "seconds",
  ];
  const rows = all.map(([name, { rebuilt, frozen, upToDate, ...rest }]) => [
    name,
    rebuilt.length,
    frozen.length,
    upToDate,
    rest.linesIn,
    rest.rowsOut,
    rest.duplicates,
    rest.rejected,
    rest.seconds,
  ]);
  return underlined(
    head,
    rows,
    head.map((_, index) => index > 0),
  );
}

function underlined(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  isNumber: readonly boolean[],
): string[] {
  return tableLines({ head, rows: rows.map((row) => row.map(String)) }, isNumber);
}
