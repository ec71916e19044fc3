import { isUtf8 } from "node:buffer";
import { styleText } from "node:util";
import { counted } from "../../lib/counted.ts";
import { alignColumns, tableLines } from "../columns.ts";
import type { QuarantinedRecord } from "./record.ts";
import type { RetryReport } from "./retry.ts";
import type { Entry, ReasonSummary } from "./summary.ts";

interface Where {
  readonly stack: string;
  readonly bucket: string;
}

export function formatSummary(where: Where, reasons: readonly ReasonSummary[]): string {
  if (reasons.length === 0) return `${title(where)}\n\nnothing\n`;
  const rows = reasons.map(({ reason, records, firstArrival, lastArrival }) => [
    reason,
    String(records),
    firstArrival ?? "unknown",
    lastArrival ?? "unknown",
  ]);
  return [
    title(where),
    "",
    ...tableLines({ head: ["reason", "records", "first arrival", "last arrival"], rows }, [false, true]),
    "",
    "--reason R shows the records of one; docs/lake.md says what each means and how to put them through",
    "",
  ].join("\n");
}

export function formatEntries(where: Where, reason: string, entries: readonly Entry[]): string {
  const count = counted(entries.length, "record");
  return [
    `${title(where)}: ${reason}, ${count}`,
    ...entries.map((entry) => `\n${formatEntry(entry)}`),
    "",
  ].join("\n");
}

function formatEntry({ key, record, problem }: Entry): string {
  const rows = record === undefined ? [["detail", printable(problem)]] : rowsOf(record);
  return [styleText("bold", key), ...alignColumns(rows.map((row) => ["", ...row])).lines].join("\n");
}

function rowsOf({ detail, arrivedAt, partitionKey, data, repaired }: QuarantinedRecord): string[][] {
  return [
    ["detail", printable(detail)],
    ["arrived", `${arrivedAt}, partition key ${printable(partitionKey)}`],
    ["bytes", beginningOf(data)],
    ...(repaired === undefined ? [] : [["repaired", `${beginningOf(repaired)}; waits for --retry`]]),
  ];
}

export function formatRetry(where: Where, { archived, remaining }: RetryReport): string {
  return [
    `${title(where)}: ${archived.length} archived, ${remaining.length} remain`,
    ...remaining.map(
      ({ key, reason, detail }) => `\n${styleText("bold", key)}\n  ${reason}: ${printable(detail)}`,
    ),
    ...(archived.length > 0 ? ["\nThe next run of the ETL rebuilds their days."] : []),
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

/** Bytes of strangers must not move the cursor. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "·");
}

function title({ stack, bucket }: Where): string {
  return `Quarantine of stack "${stack}", s3://${bucket}/quarantine/`;
}

export function summaryJson({ stack, bucket }: Where, reasons: readonly ReasonSummary[]): string {
  return json({ stack, bucket, reasons });
}

export function entriesJson({ stack, bucket }: Where, entries: readonly Entry[]): string {
  const records = entries.map(({ key, record, problem }) => ({ key, ...(record ?? { problem }) }));
  return json({ stack, bucket, records });
}

export function retryJson({ stack, bucket }: Where, report: RetryReport): string {
  return json({ stack, bucket, ...report });
}

function json(content: unknown): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}
