import { ReplayError } from "./error.ts";
import type { Place } from "./location.ts";
import { isMissing, NO_VALUES, type Reading, sameValues } from "./measures.ts";
import { isoSeconds } from "./utc.ts";

/** How far from a configured place a request may be, in degrees: clients round their coordinates. */
const TOLERANCE_DEGREES = 0.01;
/** Configured and asked coordinates are decimal fractions, which binary numbers only approximate. */
const ROUNDING_DEGREES = 1e-9;
const HOUR_MILLISECONDS = 3_600_000;

/** Recorded readings of one place. */
export interface Series {
  readonly file: string;
  readonly location: { readonly id: string };
  readonly readings: readonly Reading[];
}

/** What was handed out; a reading counts once, however often it is asked for. */
export interface Served {
  /** Readings with at least one value. */
  readonly observations: number;
  /** Readings of a time at which the station measured nothing. */
  readonly missing: number;
  /** Answers that repeated a reading already handed out, as a live API does between two updates. */
  readonly repeated: number;
  /** Answers without a value, because the recording of that place had not begun (or there is none). */
  readonly unrecorded: number;
}

/** The recorded readings of all places, asked as one would ask for the weather now. */
export interface Recording {
  /** The configured place at these coordinates, undefined when none is within 0.01°. */
  placeAt(latitude: number, longitude: number): Place | undefined;
  /** The latest reading at or before now; before the first, one without values at the full hour. */
  latest(place: Place): Reading;
  served(): Served;
}

/** @throws {ReplayError} when two series give different values for one place and time. */
export function createRecording(options: {
  series: readonly Series[];
  locations: readonly Place[];
  now: () => Date;
}): Recording {
  const readingsOf = new Map(
    options.locations.map(({ id }) => [id, merge(options.series.filter((one) => one.location.id === id))]),
  );
  const handedOut = new Set<Reading>();
  let repeated = 0;
  let unrecorded = 0;

  return {
    placeAt: (latitude, longitude) => nearest(options.locations, latitude, longitude),
    latest(place) {
      const now = options.now();
      const reading = latestAt(readingsOf.get(place.id) ?? [], now);
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

function nearest(places: readonly Place[], latitude: number, longitude: number): Place | undefined {
  const [closest] = places
    .map((place) => ({ place, distance: distanceDegrees(place, latitude, longitude) }))
    .filter(({ distance }) => distance <= TOLERANCE_DEGREES + ROUNDING_DEGREES)
    .toSorted((a, b) => a.distance - b.distance);
  return closest?.place;
}

function distanceDegrees(place: Place, latitude: number, longitude: number): number {
  return Math.max(Math.abs(place.latitude - latitude), Math.abs(place.longitude - longitude));
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
      const problem = `other values for ${isoSeconds(reading.time)} than ${known.file}; one reading a place and time is allowed`;
      throw new ReplayError({ file, problem });
    }
    if (known === undefined) byTime.set(reading.time.getTime(), { reading, file });
  }
  return [...byTime.values()]
    .map(({ reading }) => reading)
    .toSorted((a, b) => a.time.getTime() - b.time.getTime());
}
