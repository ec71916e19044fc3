import { ReplayError } from "./error.ts";
import type { ReplayLocation } from "./location.ts";
import { isMissing, isoSeconds, NO_VALUES, type Reading, sameValues } from "./measures.ts";

/** Largest distance between a request and a configured location, in degrees: clients round their coordinates. */
const TOLERANCE_DEGREES = 0.01;
/** Coordinates are decimal fractions, which binary numbers only approximate. */
const ROUNDING_DEGREES = 1e-9;
const HOUR_MILLISECONDS = 3_600_000;

/** Recorded readings of one location. */
export interface Series {
  readonly file: string;
  readonly location: { readonly id: string };
  readonly readings: readonly Reading[];
}

/** Counts of the answers; a reading counts once, however often it is requested. */
export interface Served {
  /** Readings with at least one value. */
  readonly observations: number;
  /** Readings without any value. */
  readonly missing: number;
  /** Answers that repeated an earlier reading, as a live API does between two updates. */
  readonly repeated: number;
  /** Answers without a value, because the recording of that location had not begun or does not exist. */
  readonly unrecorded: number;
}

/** The recorded readings of all locations, which answers like a live weather API. */
export interface Recording {
  /** The configured location at these coordinates, undefined when none is within 0.01°. */
  locationAt(latitude: number, longitude: number): ReplayLocation | undefined;
  /** The latest reading at or before now. Before the first one, a reading of the full hour without values. */
  latest(location: ReplayLocation): Reading;
  served(): Served;
}

/** @throws {ReplayError} when two series give different values for one location and time. */
export function createRecording(options: {
  series: readonly Series[];
  locations: readonly ReplayLocation[];
  now: () => Date;
}): Recording {
  const readingsOf = new Map(
    options.locations.map(({ id }) => [id, merge(options.series.filter((one) => one.location.id === id))]),
  );
  const handedOut = new Set<Reading>();
  let repeated = 0;
  let unrecorded = 0;

  return {
    locationAt: (latitude, longitude) => nearest(options.locations, latitude, longitude),
    latest(location) {
      const now = options.now();
      const reading = latestAt(readingsOf.get(location.id) ?? [], now);
      if (reading === undefined) {
        unrecorded += 1;
        return { time: fullHour(now), values: NO_VALUES };
      }
      if (handedOut.has(reading)) repeated += 1;
      handedOut.add(reading);
      return reading;
    },
    served() {
      const missing = [...handedOut].filter(isMissing).length;
      return { observations: handedOut.size - missing, missing, repeated, unrecorded };
    },
  };
}

function nearest(
  locations: readonly ReplayLocation[],
  latitude: number,
  longitude: number,
): ReplayLocation | undefined {
  const [closest] = locations
    .map((location) => ({ location, distance: distanceDegrees(location, latitude, longitude) }))
    .filter(({ distance }) => distance <= TOLERANCE_DEGREES + ROUNDING_DEGREES)
    .toSorted((a, b) => a.distance - b.distance);
  return closest?.location;
}

function distanceDegrees(location: ReplayLocation, latitude: number, longitude: number): number {
  return Math.max(Math.abs(location.latitude - latitude), Math.abs(location.longitude - longitude));
}

/** Binary search for the last reading that is not after `now`. */
function latestAt(readings: readonly Reading[], now: Date): Reading | undefined {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const isPast = (readings[middle]?.time ?? now) <= now;
    if (isPast) low = middle + 1;
    else high = middle;
  }
  return readings[low - 1];
}

function fullHour(time: Date): Date {
  return new Date(Math.floor(time.getTime() / HOUR_MILLISECONDS) * HOUR_MILLISECONDS);
}

function merge(series: readonly Series[]): readonly Reading[] {
  const byTime = new Map<number, { reading: Reading; file: string }>();
  for (const { file, reading } of series.flatMap((one) =>
    one.readings.map((reading) => ({ reading, file: one.file })),
  )) {
    const known = byTime.get(reading.time.getTime());
    if (known !== undefined && !sameValues(known.reading.values, reading.values)) {
      const problem = `other values for ${isoSeconds(reading.time)} than ${known.file}; one reading per location and time is allowed`;
      throw new ReplayError({ file, problem });
    }
    if (known === undefined) byTime.set(reading.time.getTime(), { reading, file });
  }
  return [...byTime.values()]
    .map(({ reading }) => reading)
    .toSorted((a, b) => a.time.getTime() - b.time.getTime());
}

/** An answer of the loopback server; `body` is sent as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const COORDINATE = /^\s*-?\d+(\.\d+)?\s*$/;

/** A coordinate in degrees, undefined for anything but a decimal number. */
export function parseDegrees(text: string | undefined): number | undefined {
  return text !== undefined && COORDINATE.test(text) ? Number(text) : undefined;
}
