import { gzipSync } from "node:zlib";
import { brokenObjects } from "../../etl/broken-objects.ts";

/** A line of a replay, or of a raw object when it has `archive`. */
interface Line {
  readonly data: { readonly time: unknown; readonly values: Readonly<Record<string, unknown>> };
  readonly location: Readonly<Record<string, unknown>>;
  readonly source: unknown;
  readonly archive?: Readonly<Record<string, unknown>>;
}

const PLACE = { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 };
const DAYS = ["2024-05-01", "2024-05-02", "2024-05-03"];
const MINUTES_BETWEEN_READINGS = 30;

/** Rows that gold must have of {@link replayLines}: one for each time, whatever was said how often and how late. */
export const REPLAYED_ROWS = DAYS.length * 48;

/**
 * Three days of readings every half an hour, as NDJSON: with duplicates, corrections, late records, measures that are
 * missing, null, whole or fractional, or no numbers, values that never change, unknown fields, and lines that are no records.
 */
export function replayLines(): string {
  const times = DAYS.flatMap((day) =>
    Array.from({ length: 48 }, (_, index) => atMinute(day, index * MINUTES_BETWEEN_READINGS)),
  );
  const readings = times.map((time, index) => reading(time, index));
  const late = readings.splice(70, 3);
  const duplicates = readings.slice(10, 16);
  const corrections = times.slice(20, 26).map((time) => reading(time, 500));
  const fractional = reading(times[30]?.replace("Z", ".500Z") ?? "", 600);
  const garbage = ["not json", "[]", reading("yesterday", 1), reading("2024-05-03T02:00:00Z", 2, "warm")];
  return [...readings, ...duplicates, ...corrections, fractional, ...late, ...garbage, ""].join("\n");
}

/** One reading of the first day, told again and corrected two days later. Nothing else becomes raw. */
export function lateLines(): string {
  // Without a source it is not a record: it only moves the clock.
  const clock = JSON.stringify({ ...JSON.parse(reading("2024-05-03T23:45:00Z", 0)), source: null });
  return [clock, reading("2024-05-01T12:00:00Z", 700), reading("2024-05-01T12:10:00Z", 701), ""].join("\n");
}

function reading(time: string, index: number, temperature: unknown = 14 + index / 7): string {
  const values = {
    temperature,
    humidity: index % 3 === 0 ? 80 : 80.5,
    rainIntensity: index % 5 === 0 ? null : index / 10,
    pressureSurfaceLevel: 1013.25 - index / 1000,
    uvIndex: index % 11,
    weatherCode: 4001,
    windGust: 0.1 + 0.2,
    ...(index % 4 === 0 ? {} : { windSpeed: index * 1e-7, windDirection: index % 360 }),
    cloudBase: null,
    pollenIndex: index,
  };
  const line: Line = { data: { time, values }, location: PLACE, source: "tomorrow.io" };
  return JSON.stringify(line);
}

function atMinute(day: string, minutes: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + minutes * 60_000).toISOString().replace(".000Z", "Z");
}

/**
 * A raw object of 2024-05-02 that the archive consumer would not write: engines must agree on lines that were broken or
 * put there by somebody else, too.
 */
export function strangeRawObject(): { key: string; body: Uint8Array } {
  const day = "2024-05-02";
  const line = (
    time: unknown,
    values: Record<string, unknown>,
    location: Record<string, unknown> = PLACE,
    archive: Record<string, unknown> = {},
  ) => JSON.stringify(archived({ data: { time, values }, location, source: "someone" }, archive));
  /** Every hour from 02:00 on, of a location of their own. */
  const hourly = (field: string, values: readonly unknown[]) =>
    values.map((value, index) =>
      line(`${day}T0${2 + index}:00:00Z`, { [field]: value }, { ...PLACE, id: `checked-${field}` }),
    );
  const whole = line(`${day}T00:20:00Z`, { temperature: 1 });
  const lines = [
    line(`${day}T24:00:00Z`, { temperature: 2 }),
    line(`${day}T00:60:00Z`, { temperature: 2 }),
    line("2024-05-01T23:59:59Z", { temperature: 3 }),
    line(`${day}T01:10:00`, { temperature: 3 }),
    line(`${day}T01:11:00Z`, { temperature: 4 }, { ...PLACE, id: null }),
    line(`${day}T01:12:00Z`, { temperature: "12.5", humidity: "wet", windGust: true, windSpeed: { x: 1 } }),
    line(`${day}T01:13:00Z`, { temperature: "", humidity: [], weatherCode: 4.9, uvIndex: 1e300 }),
    line(`${day}T01:14:00Z`, {
      temperature: -1e-320,
      humidity: 1.7976931348623157e308,
      windGust: 123456789.1,
    }),
    line(`${day}T01:15:00Z`, { Temperature: 5, TEMPERATURE: 6 }),
    line(`${day}T01:15:10Z`, { temperature: 4, Temperature: 5, TEMPERATURE: 6 }),
    line(`${day}T01:15:20Z`, { Temperature: 5, TEMPERATURE: 6, temperature: 4 }),
    line(`${day}T01:15:30Z`, { temperature: 4 }, { ID: "other", ...PLACE, Id: "another" }),
    `{"DATA":{"time":"never"},${line(`${day}T01:15:40Z`, { temperature: 4 }).slice(1, -1)},"Data":{},"SOURCE":null}`,
    line(`${day}T01:15:50Z`, { "": 1, "a.b": 2, 'a"b`': 3, ["__proto__"]: 4, select: 5, temperature: 4 }),
    line(`${day}T01:16:00Z`, { temperature: 7 }, { ...PLACE, name: "São João “d'El Rei” \u{1F327}\t\\" }),
    line(`${day}T01:17:00Z`, { temperature: 8 }, { id: "no-coordinates" }),
    line(
      "2024-05-01T22:18:00-03:00",
      { temperature: 9, rainIntensity: 2, freezingRainIntensity: 999, weatherCode: "1d", humidity: "NaN" },
      PLACE,
      {
        observedAt: `${day}T01:18:00Z`,
        flags:
          "freezing_rain_intensity=999 erroneous:fill; humidity=string erroneous:unreadable; weather_code=string erroneous:unreadable",
      },
    ),
    line(`${day}T01:19:00Z`, { temperature: 9 }, PLACE, { observedAt: "2024-05-01T23:19:00Z" }),
    ...hourly("temperature", [10, "35.50", 10, null, 50, 10, 30, 30]),
    ...hourly("pressureSeaLevel", [1000, 980.25, 1000, 1016, 1031]),
    ...hourly("rainIntensity", [700, 499.5, 500.5, 0]),
    "",
    "null",
    "[1, 2]",
    '{"data": "text"}',
    whole,
    whole.slice(0, 90),
  ];
  return {
    key: `raw/year=2024/month=05/day=02/hour=01/strange-1-2.ndjson.gz`,
    body: gzipSync(lines.join("\n")),
  };
}

/**
 * Raw objects of transitions of two days: told in two batches, in any order, with more and with less than it takes, and
 * lines that no transition is on.
 */
export function transitionObjects(): { key: string; body: Uint8Array }[] {
  const decided = (
    id: string,
    time: string,
    change: Record<string, unknown> = {},
    location: object = PLACE,
  ) =>
    JSON.stringify({
      transition: {
        id,
        time,
        location: PLACE.id,
        hazard: "rain",
        level: "orange",
        kind: "start",
        value: 52.4,
        threshold: 50,
        measure: { metric: "rainIntensity", over: "24h", as: "sum" },
        below: false,
        scale: "INMET",
        since: "2024-06-01T10:00:00Z",
        ...change,
      },
      location,
      archive: { schemaVersion: 1 },
    });
  const start = decided("1", "2024-06-01T10:00:00Z");
  const wind = {
    hazard: "wind",
    measure: { metric: "windGust", unit: "km/h" },
    scale: undefined,
    value: 71.28,
  };
  const folder = (day: string) => `transitions/year=2024/month=06/day=${day}/hour=10`;
  const object = (name: string, day: string, ...lines: string[]) => ({
    key: `${folder(day)}/${name}.ndjson.gz`,
    body: gzipSync(`${lines.join("\n")}\n`),
  });
  return [
    object("b", "01", decided("3", "2024-06-01T10:30:00Z", wind), start),
    object(
      "a",
      "01",
      start,
      decided("2", "2024-06-01T10:10:00Z", { kind: "clear", below: true }),
      "not json",
      "",
    ),
    object("c", "01", decided("1", "2024-06-01T10:00:00Z", { value: 53 })),
    object(
      "a",
      "02",
      decided("5", "2024-06-02T10:00:00Z", {}, { ...PLACE, id: "canoas" }),
      decided("4", "2024-06-02T10:00:00Z", { value: "no figure", conditions: [] }),
      decided("6", "2024-06-03T10:00:00Z"),
      decided("7", "2024-06-02T10:00:00Z", { level: null }),
      start.slice(0, 80),
    ),
  ];
}

/**
 * Objects below `raw/` that are skipped, and among them one more object of 2024-05-03, whose name
 * Hadoop would take for a pattern.
 */
export function strayObjects(): { key: string; body: Uint8Array; isSkipped: boolean }[] {
  const lines = Array.from({ length: 60 }, (_, second) => {
    const time = `2024-05-03T05:11:${String(second).padStart(2, "0")}Z`;
    const line = { data: { time, values: { temperature: 5 } }, location: PLACE, source: "someone" };
    return JSON.stringify(archived(line));
  });
  const [line = ""] = lines;
  const whole = gzipSync(line);
  const day = "raw/year=2024/month=05/day=03";
  return [
    { key: `${day}/hour=05/whole[1]{2}*.ndjson.gz`, body: whole, isSkipped: false },
    ...Object.entries(brokenObjects(lines)).map(([name, body]) => ({
      key: `${day}/hour=05/${name}.ndjson.gz`,
      body,
      isSkipped: true,
    })),
    { key: `${day}/hour=05/_hidden.ndjson.gz`, body: whole, isSkipped: true },
    { key: `${day}/hour=05/deeper/a.ndjson.gz`, body: whole, isSkipped: true },
    { key: `${day}/hour=24/a.ndjson.gz`, body: whole, isSkipped: true },
    { key: `${day}/a.ndjson.gz`, body: whole, isSkipped: true },
    {
      key: "raw/year=2024/month=02/day=31/hour=00/a.ndjson.gz",
      body: whole,
      isSkipped: true,
    },
    {
      key: "raw/year=2024/month=13/day=01/hour=00/a.ndjson.gz",
      body: whole,
      isSkipped: true,
    },
    { key: "raw/notes.txt", body: Buffer.from("not ours"), isSkipped: true },
  ];
}

/** A raw object in which no line makes a row. */
export function rowlessRawObject(): Uint8Array {
  return gzipSync('{"data":{"time":"2024-05-03T00:00:00Z"},"location":{}}\nnot json\n');
}

function archived(line: Line, added: Readonly<Record<string, unknown>> = {}): Line {
  const archive = {
    arrivedAt: "2024-05-09T00:00:00.250Z",
    shardId: "shardId-000000000009",
    sequenceNumber: "7",
    schemaVersion: 1,
    ...added,
  };
  return { ...line, archive };
}
