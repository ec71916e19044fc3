/** Lines of quoted values, as Athena writes result files; undefined is written as nothing, unlike "". */
export function stringify(rows: readonly (readonly (string | undefined)[])[]): string {
  return rows.map((row) => `${row.map(quote).join(",")}\n`).join("");
}

function quote(value: string | undefined): string {
  return value === undefined ? "" : `"${value.replaceAll('"', '""')}"`;
}
