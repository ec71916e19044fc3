import { alignColumns as alignWithin, blocksOf } from "../lib/columns.ts";

/** Characters in a line of the terminal; without limit where the output is piped. */
export function terminalWidth(): number {
  const { isTTY, columns } = process.stdout;
  return isTTY && columns > 0 ? columns : Number.POSITIVE_INFINITY; // some terminals say 0
}

/**
 * Every table of the commands: columns of the same width, within the terminal's.
 * @param indent characters that the caller puts before each line
 */
export function alignColumns(
  lines: readonly (readonly string[])[],
  toRight: readonly boolean[] = [],
  indent = 0,
) {
  return alignWithin(lines, toRight, terminalWidth() - indent);
}

/**
 * A table with a rule below its head; on a terminal that is too narrow for its words, a block for each row.
 * @param units a second line of the head, which follow the values in a block
 */
export function tableLines(
  { head, units, rows }: Table,
  toRight: readonly boolean[] = [],
  indent = 0,
): string[] {
  const heads = units === undefined ? [head] : [head, units];
  const { lines, widths, isCramped } = alignColumns([...heads, ...rows], toRight, indent);
  if (isCramped) {
    const withUnits = rows.map((row) => row.map((cell, column) => `${cell} ${units?.[column] ?? ""}`.trim()));
    return blocksOf(head, withUnits, terminalWidth() - indent).slice(0, -1);
  }
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...lines.slice(0, heads.length), rule, ...lines.slice(heads.length)];
}

export interface Table {
  readonly head: readonly string[];
  readonly units?: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
}

/** An indent in front of every line, those that continue a cell included. */
export function indented(lines: readonly string[], indent = "  "): string[] {
  return lines.flatMap((line) => line.split("\n")).map((line) => `${indent}${line}`);
}
