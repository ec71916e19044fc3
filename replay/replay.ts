import { readWhole } from "./file.ts";
import { isInmet, readInmet } from "./inmet.ts";
import { defaultLocation, locationNeeded, parseSpec, type ReplayLocation } from "./location.ts";
import type { Reading } from "./measures.ts";
import { isReadingsFile, readReadings } from "./readings-file.ts";
import { type ReplayRecord, readRecords } from "./records.ts";

/** Readings of one location in chronological order, which the loopback weather API serves. */
export interface ReadingsReplay {
  readonly kind: "readings";
  readonly file: string;
  readonly location: ReplayLocation;
  readonly readings: readonly Reading[];
}

/** Records in file order, which are put on the stream as they are. */
export interface RecordsReplay {
  readonly kind: "records";
  readonly file: string;
  readonly records: readonly ReplayRecord[];
}

export type Replay = ReadingsReplay | RecordsReplay;

/** The header of each format lies within this many bytes. */
const HEAD_BYTES = 64 * 1024;

/**
 * Reads the file of `--replay`. The content determines the format: INMET hourly CSV, a readings file as in `data/`, or
 * NDJSON in the record shape, each plain or compressed with gzip.
 * @param spec `[LOCATION=]FILE`; a file without LOCATION belongs to the only configured location
 * @throws {ReplayError} with one line that says what is wrong and where
 */
export async function readReplay(
  spec: string,
  { locations }: { locations: readonly ReplayLocation[] },
): Promise<Replay> {
  const parsed = parseSpec(spec);
  const { file } = parsed;
  const location = defaultLocation(parsed, locations);
  const bytes = await readWhole(file);
  const read = readerFor(bytes);
  if (read === undefined) return { kind: "records", file, records: readRecords(parsed, bytes, locations) };
  if (location === undefined) throw locationNeeded({ file }, locations);
  return { kind: "readings", file, location, readings: read(file, bytes) };
}

function readerFor(bytes: Uint8Array): ((file: string, bytes: Uint8Array) => readonly Reading[]) | undefined {
  const firstLines = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).split(/\r?\n/);
  if (isInmet(firstLines)) return readInmet;
  return isReadingsFile(firstLines) ? readReadings : undefined;
}
