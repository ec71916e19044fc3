import { isUtf8 } from "node:buffer";
import { styleText } from "node:util";
import { alignColumns, tableLines } from "../columns.ts";
import type { OpenStack } from "../stack/stack.ts";
import type { Detail, Group } from "./entries.ts";
import type { RejectedRecord } from "./rejected-record.ts";
import type { RetryReport } from "./retry.ts";

type Where = Pick<OpenStack, "stack" | "bucket">;

export function formatGroups(where: Where, groups: readonly Group[]): string {
  if (groups.length === 0) return `${title(where)}\n\nnothing\n`;
  const head = ["function", "cause", "objects", "records", "first", "last"];
  const rows = groups.map(({ function: name, cause, objects, records, first, last }) => [
    name,
    printable(cause),
    String(objects),
    String(records),
    first ?? "unknown",
    last ?? "unknown",
  ]);
  return [
    title(where),
    "",
    ...tableLines({ head, rows }, [false, false, true, true]),
    "",
    "--details shows each object, --retry gives it to its function again.",
    "docs/lake.md says how a record is repaired, docs/operations.md what a retry does.",
    "",
  ].join("\n");
}

export function formatDetails(where: Where, details: readonly Detail[]): string {
  if (details.length === 0) return `${title(where)}\n\nnothing\n`;
  return [title(where), ...details.map((detail) => `\n${formatDetail(detail)}`), ""].join("\n");
}

function formatDetail(detail: Detail): string {
  const rows =
    "problem" in detail
      ? [["problem", printable(detail.problem)]]
      : detail.record !== undefined
        ? rowsOf(detail.record)
        : [
            ["cause", printable(detail.cause)],
            ["records", String(detail.records)],
            ["arrived", `${detail.first} to ${detail.last}`],
          ];
  const shown = [["function", detail.function], ...rows].map((row) => ["", ...row]);
  return [styleText("bold", detail.key), ...alignColumns(shown).lines].join("\n");
}

function rowsOf({ reason, detail, arrivedAt, partitionKey, data, repaired }: RejectedRecord): string[][] {
  return [
    ["cause", `${reason}: ${printable(detail)}`],
    ["arrived", `${arrivedAt}, partition key ${printable(partitionKey)}`],
    ["bytes", beginningOf(data)],
    ...(repaired === undefined ? [] : [["repaired", `${beginningOf(repaired)}; --retry uses it`]]),
  ];
}

export function formatRetry(where: Where, { done, remaining }: RetryReport): string {
  return [
    `${title(where)}: ${done.length} done, ${remaining.length} left`,
    ...remaining.map(
      ({ key, function: name, problem }) => `\n${styleText("bold", key)}\n  ${name}: ${printable(problem)}`,
    ),
    ...(done.length > 0 ? ["\nThe next run of the ETL rebuilds the days of what the archive took."] : []),
    "",
  ].join("\n");
}

const SHOWN_BYTES = 100;

/** How the bytes begin: as text where they are text, else as hexadecimal digits. */
function beginningOf(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  const start = bytes.subarray(0, SHOWN_BYTES);
  // The cut may go through a character.
  const isText = isUtf8(bytes);
  const shown = isText
    ? printable(start.toString("utf8"))
    : start.subarray(0, SHOWN_BYTES / 2).toString("hex");
  return `${bytes.length}: ${shown}${bytes.length > SHOWN_BYTES ? "…" : ""}`;
}

/** On one line: bytes of unknown origin must not move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/[^\S ]+/g, " ").replaceAll(/\p{Cc}/gu, "·");
}

function title({ stack, bucket }: Where): string {
  return `Failed records and events of stack "${stack}", s3://${bucket}`;
}
