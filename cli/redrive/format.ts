import { styleText } from "node:util";
import { tableLines } from "../columns.ts";
import type { Place } from "../stack/stack.ts";
import { type Group, groupsOf, type Heading } from "./entries.ts";
import { PREFIX } from "./failure.ts";
import type { RedriveReport } from "./redrive.ts";

type Where = Pick<Place, "stack" | "bucket">;

export function formatList(where: Where, headings: readonly Heading[]): string {
  if (headings.length === 0) return `${title(where)}\n\nnothing\n`;
  return [
    title(where),
    "",
    ...table(groupsOf(headings)),
    "",
    "--run gives them to their functions again; docs/operations.md says what comes of it",
    "",
  ].join("\n");
}

function table(groups: readonly Group[]): string[] {
  const head = ["function", "cause", "objects", "records", "first", "last"];
  const rows = groups.map(({ function: name, cause, objects, records, first, last }) => [
    name,
    oneLine(cause),
    String(objects),
    String(records),
    first ?? "unknown",
    last ?? "unknown",
  ]);
  return tableLines({ head, rows }, [false, false, true, true]);
}

export function formatRedrive(where: Where, { replayed, remaining }: RedriveReport): string {
  return [
    `${title(where)}: ${replayed.length} went through, ${remaining.length} remain`,
    ...remaining.map(
      ({ key, function: name, problem }) => `\n${styleText("bold", key)}\n  ${name}: ${oneLine(problem)}`,
    ),
    "",
  ].join("\n");
}

/** What a function says may be anything; it must not move the cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}/gu, "·");
}

function title({ stack, bucket }: Where): string {
  return `Given up in stack "${stack}", s3://${bucket}/${PREFIX}`;
}

export function listJson({ stack, bucket }: Where, headings: readonly Heading[]): string {
  return json({ stack, bucket, groups: groupsOf(headings) });
}

export function redriveJson({ stack, bucket }: Where, report: RedriveReport): string {
  return json({ stack, bucket, ...report });
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
