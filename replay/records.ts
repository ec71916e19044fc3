import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { isObject, parseJson } from "../lib/json.ts";
import { quoted, ReplayError } from "./error.ts";
import { binary, isBinary } from "./file.ts";
import {
  defaultLocation,
  findLocation,
  locationNeeded,
  type ReplayLocation,
  type ReplaySpec,
} from "./location.ts";

/** One line of an NDJSON file, to be put on the stream. */
export interface ReplayRecord {
  /** 1-based line of the file. */
  readonly line: number;
  /** The bytes to put on the stream: the line as it is, or with its location filled in. */
  readonly bytes: Uint8Array;
  /** Id of a configured location; absent when the line names none. */
  readonly location?: string;
  /** Observation time; absent when the line has no readable time. */
  readonly time?: Date;
}

type JsonObject = Readonly<Record<string, unknown>>;

interface Line {
  /** 1-based. */
  readonly line: number;
  readonly bytes: Uint8Array;
}

interface ParsedLine extends Line {
  /** The line's JSON object, if it is one. */
  readonly value: JsonObject | undefined;
  readonly time: Date | undefined;
  /** Whether it is a record, that is, has a time and values. */
  readonly isRecord: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
/** A time without a zone would be read in the time zone of this machine. */
const ZONED = /T.*(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Reads NDJSON in the record shape, or Tomorrow.io responses saved one per line. Responses have no location id and get the
 * location of the spec, or the only configured one. Lines that are not records are kept, so that the pipeline receives them.
 * @returns the lines in file order, without blank ones
 * @throws {ReplayError} when no line is a record, or a line names a location that is not configured.
 */
export function readRecords(
  spec: ReplaySpec,
  bytes: Uint8Array,
  locations: readonly ReplayLocation[],
): readonly ReplayRecord[] {
  const context = { file: spec.file, locations, fallback: defaultLocation(spec, locations) };
  let hasRecord = false;
  // One pass, so that a year of minutes is never in memory as parsed JSON.
  const records = Array.from(linesOf(bytes), (raw) => {
    const line = parseLine(raw);
    hasRecord ||= line.isRecord;
    return { ...raw, ...withLocation(line, context), ...(line.time && { time: line.time }) };
  });
  if (!hasRecord) throw noRecord(spec.file, bytes);
  return records;
}

function parseLine(line: Line): ParsedLine {
  const json = parseJson(textOf(line.bytes));
  const value = isObject(json) ? json : undefined;
  const data = isObject(value?.data) ? value.data : {};
  const time = parseTime(data.time);
  return { ...line, value, time, isRecord: time !== undefined && isObject(data.values) };
}

/** The location of a line, and its new bytes when the location is filled in. */
function withLocation(
  { line, value, isRecord }: ParsedLine,
  {
    file,
    locations,
    fallback,
  }: { file: string; locations: readonly ReplayLocation[]; fallback: ReplayLocation | undefined },
): { location?: string; bytes?: Uint8Array } {
  const id = isObject(value?.location) ? value.location.id : undefined;
  if (typeof id === "string") return { location: findLocation({ file, line }, id, locations).id };
  const needsLocation = isRecord && id === undefined;
  if (fallback === undefined) {
    if (needsLocation) throw locationNeeded({ file, line }, locations);
    return {};
  }
  return { location: fallback.id, ...(needsLocation && { bytes: fillIn(value ?? {}, fallback) }) };
}

/** The response with the id and name of a location. Coordinates and source are added only when they are missing. */
function fillIn(response: JsonObject, { id, name, latitude, longitude }: ReplayLocation): Uint8Array {
  const own = isObject(response.location) ? response.location : {};
  const location = { lat: latitude, lon: longitude, ...own, id, name };
  return Buffer.from(JSON.stringify({ source: "tomorrow.io", ...response, location }));
}

function* linesOf(bytes: Uint8Array): Generator<Line> {
  let start = startsWith(bytes, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const next = newline === -1 ? bytes.length : newline + 1;
    let end = newline === -1 ? bytes.length : newline;
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
    const content = bytes.subarray(start, end);
    if (content.some((byte) => byte > 0x20)) yield { line, bytes: content };
    start = next;
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

function parseTime(time: unknown): Date | undefined {
  if (typeof time !== "string" || !ZONED.test(time)) return undefined;
  const instant = parseISO(time);
  return isValid(instant) ? instant : undefined;
}

function noRecord(file: string, bytes: Uint8Array): ReplayError {
  if (isBinary(bytes)) return binary(file);
  const [first] = linesOf(bytes);
  const found = quoted(first === undefined ? "" : textOf(first.bytes));
  const problem = `${found}: neither the header of an INMET hourly CSV (Data;Hora UTC;…) nor of a readings file (time_utc,rain_mm_per_h,…), and no line of the file is a record ({"data":{"time":…,"values":…},"location":…}, one per line)`;
  return new ReplayError({ file, ...(first && { line: first.line }), problem });
}
