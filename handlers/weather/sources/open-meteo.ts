import * as z from "zod/mini";
import type { Field } from "../observation/fields.ts";
import type { Location } from "../observation/location.ts";
import { SourceError, UnavailableError } from "./errors.ts";
import { type Http, NO_WEATHER } from "./http.ts";
import { reconcilePrecipitation } from "./open-meteo-precipitation.ts";
import type { Payload, SourceResult, WeatherSource } from "./source.ts";
import { WEATHER_CODES } from "./wmo.ts";

/** Fields that need no more than another name. */
const SAME_UNIT: Readonly<Record<string, Field>> = {
  temperature_2m: "temperature",
  apparent_temperature: "temperatureApparent",
  dew_point_2m: "dewPoint",
  relative_humidity_2m: "humidity",
  precipitation_probability: "precipitationProbability",
  cloud_cover: "cloudCover",
  pressure_msl: "pressureSeaLevel",
  surface_pressure: "pressureSurfaceLevel",
  wind_speed_10m: "windSpeed",
  wind_gusts_10m: "windGust",
  wind_direction_10m: "windDirection",
  uv_index: "uvIndex",
};
/** Sums over the preceding `interval` seconds: mm, snowfall cm. */
const SUMS = ["precipitation", "rain", "showers", "snowfall"] as const;
/** Visibility in m, the WMO code. */
const CONVERTED = ["visibility", "weather_code"] as const;

const VARIABLES = [...Object.keys(SAME_UNIT), ...SUMS, ...CONVERTED];

/** Locations in one call, so that the URL stays below 4 KB. A location counts as a call of the free 600 a minute. */
const MAX_LOCATIONS_PER_CALL = 100;

const current = z.looseObject({
  time: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/)),
});
const answered = z.looseObject({ current });

/** An answer that has weather in it, of whatever shape. */
const weather = z.looseObject({ current: z.looseObject({}) });

interface OpenMeteoOptions {
  readonly http: Http;
  /** E.g. `https://api.open-meteo.com`. */
  readonly baseUrl: string;
}

/**
 * Open-Meteo's current weather, keyless, many locations in one call; non-commercial use, CC-BY 4.0.
 * https://open-meteo.com/en/docs#current=temperature_2m
 */
export function createOpenMeteo({ http, baseUrl }: OpenMeteoOptions): WeatherSource {
  const realtimeOf = async (locations: readonly Location[]): Promise<SourceResult[]> => {
    try {
      const url = forecastUrl(baseUrl, locations);
      return toResults(await http.get({ url, service: "Open-Meteo", judge, explain }), locations);
    } catch (cause) {
      const error = cause instanceof SourceError ? cause : new SourceError(String(cause), { cause });
      return locations.map((location) => ({ ok: false, location, error }));
    }
  };
  return {
    name: "open-meteo",
    realtime: async (locations) => (await Promise.all(chunks(locations).map(realtimeOf))).flat(),
    close: () => http.close(),
  };
}

function chunks(locations: readonly Location[]): (readonly Location[])[] {
  const count = Math.ceil(locations.length / MAX_LOCATIONS_PER_CALL);
  return Array.from({ length: count }, (_, index) =>
    locations.slice(index * MAX_LOCATIONS_PER_CALL, (index + 1) * MAX_LOCATIONS_PER_CALL),
  );
}

function forecastUrl(baseUrl: string, locations: readonly Location[]): URL {
  const url = new URL("/v1/forecast", baseUrl);
  url.searchParams.set("latitude", locations.map(({ latitude }) => latitude).join(","));
  url.searchParams.set("longitude", locations.map(({ longitude }) => longitude).join(","));
  url.searchParams.set("current", VARIABLES.join(","));
  url.searchParams.set("wind_speed_unit", "ms");
  url.searchParams.set("timezone", "GMT");
  return url;
}

/** One location is answered as an object, several as an array. */
function answersIn(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [json];
}

/** One location without weather is the failure of that location only; all of them are the failure of the call. */
function judge(json: unknown): number {
  return answersIn(json).some((answer) => weather.safeParse(answer).success) ? 200 : NO_WEATHER;
}

function toResults(json: unknown, locations: readonly Location[]): SourceResult[] {
  const answers = byLocation(answersIn(json), locations.length);
  return locations.map((location, index) => {
    const answer = answers.get(index);
    if (weather.safeParse(answer).success) return { ok: true, location, payload: toPayload(answer) };
    const reason =
      answer === undefined
        ? `leaves out ${location.id}`
        : `has no weather for ${location.id}: ${explain(answer) ?? "no reason given"}`;
    return { ok: false, location, error: new UnavailableError(`Open-Meteo's answer ${reason}`) };
  });
}

const numbered = z.looseObject({ location_id: z.int() });

/**
 * Answers by the index of the location that was asked for. They come in that order, and all but the first say their index.
 * Where some are missing or too many, only what they say is used: no location gets the weather of another one.
 */
function byLocation(answers: readonly unknown[], asked: number): ReadonlyMap<number, unknown> {
  return new Map(
    answers.flatMap((answer, position) => {
      const parsed = numbered.safeParse(answer);
      if (parsed.success) return [[parsed.data.location_id, answer] as const];
      return answers.length === asked || position === 0 ? [[position, answer] as const] : [];
    }),
  );
}

/** In the record's names and units. An answer whose time is not as documented goes on as it came, for quarantine. */
function toPayload(answer: unknown): Payload {
  const parsed = answered.safeParse(answer);
  if (!parsed.success) return { data: answer };
  const { time, ...measures } = parsed.data.current;
  const iso = time.length === "2024-04-30T11:00".length ? `${time}:00Z` : `${time}Z`;
  return { data: { time: iso, values: toValues(measures) } };
}

type Measures = Readonly<Record<string, unknown>>;

/** A value that is not a number goes on as it came, so that the record's reader can report it; in a sum it is unknown. */
function toValues(measures: Measures): Readonly<Partial<Record<Field, unknown>>> {
  const same = Object.entries(SAME_UNIT).map(([variable, field]) => [field, measures[variable] ?? null]);
  const water = reconcilePrecipitation({
    total: numberOf(measures.precipitation),
    rain: numberOf(measures.rain),
    showers: numberOf(measures.showers),
    snowfall: numberOf(measures.snowfall),
  });
  const interval = numberOf(measures.interval);
  const perHour = interval !== null && interval > 0 ? 3600 / interval : null;
  return {
    ...Object.fromEntries(same),
    rainIntensity: scaled(water.rain, perHour),
    snowIntensity: scaled(water.snow, perHour),
    visibility: scaled(measures.visibility, 1 / 1000),
    weatherCode: toWeatherCode(measures.weather_code),
  };
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function scaled(value: unknown, factor: number | null): unknown {
  if (typeof value !== "number") return value ?? null;
  return factor === null ? null : Number((value * factor).toFixed(3));
}

function toWeatherCode(code: unknown): unknown {
  return typeof code === "number" ? (WEATHER_CODES[code] ?? null) : (code ?? null);
}

const errorBody = z.object({ reason: z.string() });

function explain(json: unknown): string | undefined {
  const parsed = errorBody.safeParse(answersIn(json)[0]);
  return parsed.success ? parsed.data.reason : undefined;
}
