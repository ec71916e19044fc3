import { type Unarchivable, unarchivable } from "../weather/observation/archivable.ts";
import { assess, type Flags, flagsText } from "../weather/observation/quality/assess.ts";
import {
  type InvalidReason,
  implausibleTime,
  observationTime,
  type ParsedRecord,
  parseRecord,
} from "../weather/observation/record.ts";
import { formatUtc } from "../weather/observation/time.ts";
import type { StreamRecord } from "./stream-record.ts";

/** Why a record is in quarantine: the slug names the folder. */
export type QuarantineReason = InvalidReason | Unarchivable["reason"] | "too-large";

type ArchiveLine =
  | { readonly ok: true; readonly observedAt: Date; readonly flags: Flags; readonly line: string }
  | { readonly ok: false; readonly reason: QuarantineReason; readonly detail: string };

/** Raise it when a line's meaning changes. */
const SCHEMA_VERSION = 2;

/**
 * UTF-8 bytes of a line, its end included. Half of what the ETL's reader takes before it leaves a line out, and more
 * than any fit record of a stream makes that has Kinesis's default limit of 1 MiB a record. Larger ones (a stream can
 * be raised to 10 MiB, of which Lambda passes on 4.5 at most) are not observations.
 */
export const MAX_LINE_BYTES = 2 * 1024 * 1024;

/** The line that the archive keeps of a record, or why it keeps none. Never throws. */
export function archiveLine(from: StreamRecord): ArchiveLine {
  const parsed: ParsedRecord = parseRecord(from.bytes);
  if (!parsed.ok) return parsed;
  const { record } = parsed;
  const unreadable = unarchivable(record);
  if (unreadable !== undefined) return { ok: false, ...unreadable };
  const implausible = implausibleTime(record, from.arrivedAt, "archive");
  if (implausible !== undefined) return { ok: false, reason: "implausible-time", detail: implausible };
  const observedAt = observationTime(record);
  const { flags } = assess(record.data.values);
  const archive = provenance(from, observedAt, flagsText(record.data.values, flags));
  const line = `${JSON.stringify({ ...record, archive })}\n`;
  const bytes = Buffer.byteLength(line);
  if (bytes <= MAX_LINE_BYTES) return { ok: true, observedAt, flags, line };
  return {
    ok: false,
    reason: "too-large",
    detail: `the record would be a line of ${bytes} bytes; allowed are ${MAX_LINE_BYTES}`,
  };
}

/** What the archive adds to a record: where it came from, its time in UTC, and which of its values are not good. */
function provenance(
  { arrivedAt, shardId, sequenceNumber }: StreamRecord,
  observedAt: Date,
  flags: string,
): object {
  return {
    arrivedAt: arrivedAt.toISOString(),
    shardId,
    sequenceNumber,
    schemaVersion: SCHEMA_VERSION,
    observedAt: formatUtc(observedAt),
    ...(flags !== "" && { flags }),
  };
}
