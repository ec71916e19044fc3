import { alignColumns as alignWithin } from "../infra/columns.ts";

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

/** The same, in front of every line, those that continue a cell included. */
export function indented(lines: readonly string[], indent = "  "): string[] {
  return lines.flatMap((line) => line.split("\n")).map((line) => `${indent}${line}`);
}
