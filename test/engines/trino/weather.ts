import { gzipSync } from "node:zlib";

/** A raw object of the archive: every reading of one day and place. */
export interface RawObject {
  readonly key: string;
  readonly body: Uint8Array;
}

interface Place {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
}

const PORTO_ALEGRE: Place = { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 };
/** With the characters that LIKE and quoting give a meaning to. */
const RIO_GRANDE: Place = {
  id: "rio_grande",
  name: "Rio Grande “d'Água” 100%_",
  lat: -32.0786,
  lon: -52.1672,
};

/** The recorded flood is from 29 April to 5 May 2024. */
const DAYS: readonly (readonly [place: Place, first: string, days: number])[] = [
  [PORTO_ALEGRE, "2023-04-29", 5], // the same weeks a year before
  [RIO_GRANDE, "2023-05-02", 3],
  [PORTO_ALEGRE, "2024-02-27", 4], // over the leap day
  [PORTO_ALEGRE, "2024-04-04", 5],
  [RIO_GRANDE, "2024-04-28", 4],
  [RIO_GRANDE, "2024-05-03", 4], // nothing on 2 May
];

/** Readings of two places in five months of two years, beside the flood's. */
export function generatedWeather(): RawObject[] {
  return DAYS.flatMap(([place, first, days]) =>
    Array.from({ length: days }, (_, index) => rawObject(place, dayAfter(first, index))),
  );
}

/** The last day of `generatedWeather` and the flood. */
export const LAST_DAY = "2024-05-06";

/** One more day of a place, later than everything else. */
export function weatherOfNextDay(): RawObject {
  return rawObject(RIO_GRANDE, dayAfter(LAST_DAY, 1));
}

function rawObject(place: Place, day: string): RawObject {
  const readings = timesOf(day).map((time) => archivedReading(place, time));
  // What the stream delivers twice, and what arrives a second time with other numbers.
  const again = readings.slice(3, 5);
  const corrections = timesOf(day)
    .slice(6, 8)
    .map((time) => archivedReading(place, time, 1));
  return {
    key: `raw/year=${day.slice(0, 4)}/month=${day.slice(5, 7)}/day=${day.slice(8)}/hour=00/${place.id}.ndjson.gz`,
    body: gzipSync([...readings, ...again, ...corrections, ""].join("\n")),
  };
}

/** Every 40 minutes, give or take some, with a silence before noon. */
function timesOf(day: string): Date[] {
  const minutes = Array.from({ length: 36 }, (_, index) => index * 40 + ((index * 7) % 5));
  const silent = (minute: number) => minute > 9 * 60 && minute < 11.5 * 60;
  return minutes
    .filter((minute) => !silent(minute))
    .map((minute) => new Date(Date.parse(day) + minute * 60_000));
}

/**
 * A reading as the archive keeps it. Figures have every digit that a double has: where a mean of short decimals falls in
 * the middle of two roundings, the order of a sum decides, and that is no engine's to keep.
 */
function archivedReading(place: Place, time: Date, corrected = 0): string {
  const hours = time.getTime() / 3_600_000;
  const wave = (periodHours: number) =>
    Math.sin((2 * Math.PI * (hours + place.lat + corrected)) / periodHours);
  const rain = 6 * wave(31) + 5 * wave(7);
  const isSparse = time.getUTCHours() % 6 === 0;
  const values = {
    temperature: 17 + 9 * wave(24) + 12 * wave(24 * 51),
    temperatureApparent: 16 + 9 * wave(24) + 13 * wave(24 * 51),
    dewPoint: 9 + 4 * wave(24),
    humidity: 70 - 25 * wave(24),
    rainIntensity: isSparse ? null : Math.max(0, rain),
    windSpeed: Math.max(0, 7 + 8 * wave(17)),
    windGust: isSparse ? undefined : Math.max(0, 11 + 13 * wave(17)),
    windDirection: 180 + 180 * wave(41),
    pressureSurfaceLevel: 1010 + 9 * wave(90),
    cloudCover: 50 + 50 * wave(13),
    visibility: isSparse ? 655.35 : 16,
    uvIndex: Math.max(0, Math.round(8 * wave(24))),
    weatherCode: rain > 0 ? 4001 : 1000,
  };
  const arrivedAt = new Date(time.getTime() + (corrected ? 3 * 86_400_000 : 90_000 + (hours % 7) * 100_000));
  return JSON.stringify({
    data: { time: time.toISOString().replace(".000Z", "Z"), values },
    location: place,
    source: "tomorrow.io",
    archive: {
      arrivedAt: arrivedAt.toISOString(),
      shardId: "shardId-000000000007",
      sequenceNumber: String(Math.round(hours * 60) * 10 + corrected),
      schemaVersion: 1,
      ...(isSparse && { flags: "visibility=655.35 erroneous:range" }),
    },
  });
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Names of fields that no column of a struct could have. */
export const HOSTILE_NAMES = [
  "a.b",
  'a"b',
  "it's",
  "a b",
  "a,b:c<d>",
  "température",
  "__proto__",
  "2024",
  "SELECT",
];

/** Lines of a day of its own, without a location, so that gold has nothing of them: odd names, and a name twice. */
export function hostileRecords(): RawObject {
  const line = (source: string, values: object) =>
    JSON.stringify({ data: { time: "2024-02-01T00:00:00Z", values }, location: {}, source, archive: {} });
  const odd = Object.fromEntries(HOSTILE_NAMES.map((name, index) => [name, index]));
  return {
    key: "raw/year=2024/month=02/day=01/hour=00/hostile.ndjson.gz",
    body: gzipSync(
      [line("names", odd), line("two spellings", { temperature: 20.5, Temperature: 21 })].join("\n"),
    ),
  };
}
