import { styleText } from "node:util";
import type { AlertSummary } from "./summary.ts";

const COLORS = { yellow: "yellow", orange: "magenta", red: "red" } as const;

/** `2024-04-30 11:00 UTC` */
export function utc(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** One alert on one line: when, what, where, value against threshold. */
export function alertLine({ time, location, hazard, level, kind, value, threshold }: AlertSummary): string {
  const name = styleText([COLORS[level], "bold"], level.toUpperCase().padEnd(6));
  const figures = `${round(value)} (threshold ${round(threshold)})`;
  return `${utc(new Date(time))}  ${name}  ${kind.padEnd(10)}  ${hazard.padEnd(8)}  ${location}  ${figures}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Columns padded to the same width, numbers to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | boolean | null)[])[],
): string[] {
  const cells = [head, ...rows.map((row) => row.map((cell) => (cell === null ? "" : String(cell))))];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = head.map((_, column) => rows.some((row) => typeof row[column] === "number"));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
