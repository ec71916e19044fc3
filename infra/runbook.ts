/** What an alarm's or a notice's text says of where to go on reading. */
export function runbookLink(section: string): string {
  return `Runbook: docs/runbook.md#${section}`;
}
