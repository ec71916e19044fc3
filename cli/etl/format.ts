import { styleText } from "node:util";
import type { JobReport, TableReport } from "../../etl/report.ts";
import { tableLines } from "../columns.ts";

/** A run's report for people: each day that was not up to date and each object that was left out, with its reason, then counts. */
export function formatReport(stack: string, report: JobReport): string {
  const sections = [[title(stack, report)], days(report), leftOut(report), counts(report)];
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
      .map(([day, reasons]) => [table, day, stateOf(day, report, dryRun), reasons.join("; ")]),
  );
  return rows.length === 0
    ? ["every day is up to date"]
    : underlined(["table", "day", "is", "because"], rows, []);
}

function leftOut({ tables }: JobReport): string[] {
  const reasons = Object.values(tables).flatMap(({ leftOutReasons }) => Object.entries(leftOutReasons));
  if (reasons.length === 0) return [];
  const count = Object.values(tables).reduce((sofar, { leftOut }) => sofar + leftOut, 0);
  const more = count > reasons.length ? [`and ${count - reasons.length} more`] : [];
  return [...underlined(["left out, and stays", "because"], reasons, []), ...more];
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
  const rows = all.map(([name, { rebuilt, frozen, upToDate, ...counts }]) => [
    name,
    rebuilt.length,
    frozen.length,
    upToDate,
    counts.linesIn,
    counts.rowsOut,
    counts.duplicates,
    counts.rejected,
    counts.seconds,
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
