/** A Markdown table; cells are text of one line. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(" | ")} |\n`;
  return [line(head), `|${"---|".repeat(head.length)}\n`, ...rows.map(line)].join("");
}

function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|");
}

export function code(text: string | number): string {
  return `\`${text}\``;
}
