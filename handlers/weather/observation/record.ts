import { addSeconds } from "date-fns/addSeconds";
import { isAfter } from "date-fns/isAfter";
import { isBefore } from "date-fns/isBefore";
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import * as z from "zod/mini";

/**
 * A record on the stream, as the envelope around a Tomorrow.io realtime response
 * (https://docs.tomorrow.io/reference/realtime-weather). Fields we do not know pass.
 */
export interface WeatherRecord {
  /** `time` is ISO 8601 with its offset. What `values` holds is not checked here: see `quality/assess.ts`. */
  readonly data: { readonly time: string; readonly values: Readonly<Record<string, unknown>> };
  readonly location: {
    readonly id: string;
    readonly name: string;
    readonly lat: number;
    readonly lon: number;
  };
  readonly source: string;
}

/** Why bytes are not a valid record. The value names the quarantine folder. */
export type InvalidReason = "not-json" | "not-a-record" | "bad-time" | "implausible-time";

export type ParsedRecord =
  | { readonly ok: true; readonly record: WeatherRecord }
  | { readonly ok: false; readonly reason: InvalidReason; readonly detail: string };

/** Partition keys have at most 256 characters: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const MAX_LOCATION_ID_LENGTH = 256;

/** Without an offset a time could be any of 38 hours. */
const OFFSET = /T.*(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

const isoTime = z.string().check(z.refine((text) => OFFSET.test(text) && isValid(instantOf(text))));

const schema = z.looseObject({
  data: z.looseObject({ time: isoTime, values: z.looseObject({}) }),
  location: z.looseObject({
    id: z.string().check(z.minLength(1), z.maxLength(MAX_LOCATION_ID_LENGTH)),
    name: z.string(),
    lat: z.number(),
    lon: z.number(),
  }),
  source: z.string(),
});

/** Reads a record's bytes (UTF-8 JSON). Never throws; an unfit record comes back with its reason. */
export function parseRecord(bytes: Uint8Array): ParsedRecord {
  const json = parseJson(bytes);
  if (!json.ok) return { ok: false, reason: "not-json", detail: json.detail };
  const parsed = schema.safeParse(json.value);
  // The record as it came, not the schema's copy: the archive keeps its order of keys.
  if (parsed.success) return { ok: true, record: json.value as WeatherRecord };
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  return { ok: false, reason: reasonOf(path), detail: describe(path, json.value) };
}

type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string };

function parseJson(bytes: Uint8Array): Json {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function reasonOf(path: readonly PropertyKey[]): InvalidReason {
  const [first, second] = path;
  return first === "data" && second === "time" ? "bad-time" : "not-a-record";
}

const MAX_QUOTED_LENGTH = 80;

function describe(path: readonly PropertyKey[], json: unknown): string {
  const found = path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    json,
  );
  return `${path.map(String).join(".") || "the record"}: ${allowedAt(path)}, found ${quote(found)}`;
}

function quote(found: unknown): string {
  if (found === undefined) return "nothing";
  try {
    return JSON.stringify(found).slice(0, MAX_QUOTED_LENGTH);
  } catch (error) {
    // JSON.parse has no limit of depth, JSON.stringify has the stack's.
    if (error instanceof RangeError) return "a value nested too deeply to be quoted";
    throw error;
  }
}

function allowedAt(path: readonly PropertyKey[]): string {
  if (reasonOf(path) === "bad-time") {
    return "allowed is an ISO 8601 time with its offset, e.g. 2024-04-30T11:00:00Z or 2024-04-30T08:00:00-03:00";
  }
  const key = path.at(-1);
  if (key === "lat" || key === "lon") return "allowed is a number";
  return key === "id" || key === "name" || key === "source" ? "allowed is a text" : "allowed is an object";
}

/** When the record's observation was made. */
export function observationTime({ data }: WeatherRecord): Date {
  return instantOf(data.time);
}

/** As most services write a time. */
const UTC_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** The usual form is read by the engine, in a tenth of the time; it takes days that do not exist for the next ones. */
function instantOf(text: string): Date {
  if (UTC_SECONDS.test(text)) {
    const time = new Date(text);
    const seconds = "2024-04-30T11:00:00".length;
    if (isValid(time) && time.toISOString().slice(0, seconds) === text.slice(0, seconds)) return time;
  }
  return parseISO(text.toUpperCase());
}

/** No weather service of ours answers with observations older than this; a zero or unset clock does (1970, 1980). */
const EARLIEST_PLAUSIBLE = parseISO("2000-01-01T00:00:00Z");
/** A local time labelled as UTC is at most 14 h ahead (UTC+14, Kiribati); beyond a day the time is garbage. */
const MAX_AHEAD_ARCHIVED_SECONDS = 86_400;
/**
 * Alerts allow less: an observation from the future would make all later true ones late, and suppress the alerts of
 * its location until that time.
 */
const MAX_AHEAD_ALERTED_SECONDS = 3600;

type Purpose = "archive" | "alert";

/** Refuses an observation time that is garbage next to the record's arrival; undefined when it is plausible. */
export function implausibleTime(
  record: WeatherRecord,
  arrivedAt: Date,
  purpose: Purpose,
): string | undefined {
  const time = observationTime(record);
  if (isBefore(time, EARLIEST_PLAUSIBLE)) return `data.time ${record.data.time} is before 2000`;
  const allowedSeconds = purpose === "alert" ? MAX_AHEAD_ALERTED_SECONDS : MAX_AHEAD_ARCHIVED_SECONDS;
  if (!isAfter(time, addSeconds(arrivedAt, allowedSeconds))) return undefined;
  return `data.time ${record.data.time} is more than ${allowedSeconds} s after the arrival at ${arrivedAt.toISOString()}`;
}

/** The poll that a record came from. It is logged from the API request to the published message. */
export interface Trace {
  /** Id of the event that triggered the poll. */
  readonly poll: string;
  /** When it was due, ISO 8601. */
  readonly time?: string;
  /** X-Ray's trace id of the invocation that polled, when there is one. */
  readonly xray?: string;
}

/** An invalid trace is ignored, and does not invalidate the record. */
const traced = z.looseObject({
  trace: z.looseObject({ poll: z.string().check(z.minLength(1), z.maxLength(64)) }),
});

/** Id of the poll that a record came from. Records of other producers have none. */
export function pollIdOf(record: unknown): string | undefined {
  const parsed = traced.safeParse(record);
  return parsed.success ? parsed.data.trace.poll : undefined;
}
