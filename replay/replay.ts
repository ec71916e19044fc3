import { isFigures, readFigures } from "./figures.ts";
import { readWhole } from "./file.ts";
import { isInmet, readInmet } from "./inmet.ts";
import { defaultPlace, locationNeeded, type Place, parseSpec } from "./location.ts";
import type { Reading } from "./measures.ts";
import { type ReplayRecord, readRecords } from "./records.ts";

/** Readings of one place in the order of time, to be served as a weather API would. */
export interface ReadingsReplay {
  readonly kind: "readings";
  readonly file: string;
  readonly location: Place;
  readonly readings: readonly Reading[];
}

/** Records in file order, to be put on the stream as they are. */
export interface RecordsReplay {
  readonly kind: "records";
  readonly file: string;
  readonly records: readonly ReplayRecord[];
}

export type Replay = ReadingsReplay | RecordsReplay;

/** The header of each format is within this many bytes. */
const HEAD_BYTES = 64 * 1024;

/**
 * Reads what `--replay` names. The format is told by the content: INMET hourly CSV, a figures file as in `data/`, or
 * NDJSON in the record shape, each of them as it is or packed with gzip.
 * @param spec `[LOCATION=]FILE`; without LOCATION a file is of the only configured place
 * @throws {ReplayError} one line that says what is wrong and where
 */
export async function readReplay(
  spec: string,
  { locations }: { locations: readonly Place[] },
): Promise<Replay> {
  const parsed = parseSpec(spec);
  const { file } = parsed;
  const place = defaultPlace(parsed, locations);
  const bytes = await readWhole(file);
  const read = readerFor(bytes);
  if (read === undefined) return { kind: "records", file, records: readRecords(parsed, bytes, locations) };
  if (place === undefined) throw locationNeeded({ file }, locations);
  return { kind: "readings", file, location: place, readings: read(file, bytes) };
}

function readerFor(bytes: Uint8Array): ((file: string, bytes: Uint8Array) => readonly Reading[]) | undefined {
  const firstLines = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)).split(/\r?\n/);
  if (isInmet(firstLines)) return readInmet;
  return isFigures(firstLines) ? readFigures : undefined;
}
