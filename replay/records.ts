import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { isObject, parseJson } from "../lib/json.ts";
import { quoted, ReplayError } from "./error.ts";
import { binary, isBinary } from "./file.ts";
import { defaultPlace, findPlace, locationNeeded, type Place, type ReplaySpec } from "./location.ts";

/** One line of an NDJSON file, to be put on the stream. */
export interface ReplayRecord {
  /** 1-based line of the file. */
  readonly line: number;
  /** What goes onto the stream: the line as it is, save for a location filled in. */
  readonly bytes: Uint8Array;
  /** Id of a configured location; absent where the line names none. */
  readonly location?: string;
  /** Observation time; absent where the line has none that can be read. */
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
  /** Whether it has what makes a record: a time and values. */
  readonly isRecord: boolean;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);
/** A time without a zone would be read in the zone of this machine. */
const ZONED = /T.*(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Reads NDJSON in the record shape, or Tomorrow.io responses saved one a line: those carry no location id and get the
 * place of the spec, or the only configured one. Lines that are no record are kept, so that the pipeline meets them.
 * @returns the lines in file order; blank ones are left out.
 * @throws {ReplayError} when no line is a record, or one is of a location that is not configured or not known.
 */
export function readRecords(
  spec: ReplaySpec,
  bytes: Uint8Array,
  places: readonly Place[],
): readonly ReplayRecord[] {
  const context = { file: spec.file, places, fallback: defaultPlace(spec, places) };
  let hasRecord = false;
  // One pass: a year of minutes must not be held as parsed JSON.
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

/** The location of a line, and its new bytes where it is filled in. */
function withLocation(
  { line, value, isRecord }: ParsedLine,
  { file, places, fallback }: { file: string; places: readonly Place[]; fallback: Place | undefined },
): { location?: string; bytes?: Uint8Array } {
  const id = isObject(value?.location) ? value.location.id : undefined;
  if (typeof id === "string") return { location: findPlace({ file, line }, id, places).id };
  const needsPlace = isRecord && id === undefined;
  if (fallback === undefined) {
    if (needsPlace) throw locationNeeded({ file, line }, places);
    return {};
  }
  return { location: fallback.id, ...(needsPlace && { bytes: fillIn(value ?? {}, fallback) }) };
}

/** The response with the id and name of a place; coordinates and source only where it has none of its own. */
function fillIn(response: JsonObject, place: Place): Uint8Array {
  const own = isObject(response.location) ? response.location : {};
  const location = { lat: place.latitude, lon: place.longitude, ...own, id: place.id, name: place.name };
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
  const problem = `${found}: neither the header of an INMET hourly CSV (Data;Hora UTC;…) nor of a figures file (time_utc,rain_mm_per_h,…), and no line of the file is a record ({"data":{"time":…,"values":…},"location":…}, one a line)`;
  return new ReplayError({ file, ...(first && { line: first.line }), problem });
}
