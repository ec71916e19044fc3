/** Lines of cells as columns of the same width: text to the left, the columns of `toRight` to the right. */
export function alignColumns(
  lines: readonly (readonly string[])[],
  toRight: readonly boolean[] = [],
): { lines: string[]; widths: number[] } {
  const columns = Math.max(...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number) =>
    toRight[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return { lines: lines.map((line) => line.map(pad).join("  ").trimEnd()), widths };
}
