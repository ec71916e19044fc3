import { styleText } from "node:util";
import { alignColumns } from "../columns.ts";
import type { Finding, Verdict } from "./finding.ts";

const COLORS = { ok: "green", warn: "yellow", fail: "red", unknown: "magenta", "n/a": "gray" } as const;
const VERDICTS = Object.keys(COLORS) as Verdict[];

/** A table, and below each row what to do about it. */
export function formatFindings(stack: string, findings: readonly Finding[]): string {
  const rows = findings.map(({ check, state, found }) => [state, check, printable(found)]);
  const { lines, widths } = alignColumns([["state", "check", "found"], ...rows]);
  const [head = "", ...others] = lines;
  return [
    styleText("bold", `Examination of stack "${stack}"`),
    "",
    head,
    widths.map((width) => "─".repeat(Math.min(width, 60))).join("  "),
    ...others.flatMap((line, index) => rowOf(line, findings[index], widths)),
    "",
    VERDICTS.map((state) => `${findings.filter((one) => one.state === state).length} ${state}`).join(", "),
    "",
  ].join("\n");
}

function rowOf(line: string, finding: Finding | undefined, [first = 0, second = 0]: readonly number[]) {
  if (finding === undefined) return [];
  const { state, todo } = finding;
  const colored = styleText(COLORS[state], line.slice(0, first)) + line.slice(first);
  return todo === undefined ? [colored] : [colored, `${" ".repeat(first + second + 4)}→ ${todo}`];
}

/** What AWS and functions say may have several lines; it must not move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}/gu, "·");
}

/** For programs; fields are added, never renamed. */
export function findingsJson(stack: string, findings: readonly Finding[]): string {
  return `${JSON.stringify({ stack, findings }, null, 2)}\n`;
}
