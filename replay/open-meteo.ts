import { type Answer, parseDegrees } from "./answer.ts";
import type { Place } from "./location.ts";
import type { MeasureField, Reading } from "./measures.ts";
import type { Recording } from "./recording.ts";

export const FORECAST_PATH = "/v1/forecast";

/** Sums of `current` cover the 15 minutes before its time. */
const INTERVAL_SECONDS = 900;
const HOUR_SECONDS = 3600;

interface Variable {
  readonly unit: string;
  /** Absent for what a station does not record: answered null, as Open-Meteo does where a model has no value. */
  readonly field?: MeasureField;
  /** For a sum over the interval: what part of our intensity per hour it is. */
  readonly partOfHour?: number;
  readonly isSpeed?: true;
}

/** https://open-meteo.com/en/docs, "Current Conditions" */
const VARIABLES: Readonly<Record<string, Variable>> = {
  temperature_2m: { unit: "°C", field: "temperature" },
  relative_humidity_2m: { unit: "%", field: "humidity" },
  dew_point_2m: { unit: "°C", field: "dewPoint" },
  apparent_temperature: { unit: "°C" },
  is_day: { unit: "" },
  precipitation: { unit: "mm", field: "rainIntensity", partOfHour: INTERVAL_SECONDS / HOUR_SECONDS },
  precipitation_probability: { unit: "%" },
  rain: { unit: "mm", field: "rainIntensity", partOfHour: INTERVAL_SECONDS / HOUR_SECONDS },
  // A gauge does not tell showers from other rain: all of it is rain.
  showers: { unit: "mm", field: "rainIntensity", partOfHour: 0 },
  snowfall: { unit: "cm" },
  weather_code: { unit: "wmo code" },
  cloud_cover: { unit: "%" },
  pressure_msl: { unit: "hPa" },
  surface_pressure: { unit: "hPa", field: "pressureSurfaceLevel" },
  visibility: { unit: "m" },
  uv_index: { unit: "" },
  wind_speed_10m: { unit: "", field: "windSpeed", isSpeed: true },
  wind_direction_10m: { unit: "°", field: "windDirection" },
  wind_gusts_10m: { unit: "", field: "windGust", isSpeed: true },
};

const SPEED_UNITS: Readonly<Record<string, { unit: string; perMetrePerSecond: number }>> = {
  kmh: { unit: "km/h", perMetrePerSecond: 3.6 },
  ms: { unit: "m/s", perMetrePerSecond: 1 },
};

/** Options that this server has only one value of; the first is the API's default. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  temperature_unit: ["celsius"],
  precipitation_unit: ["mm"],
  timeformat: ["iso8601"],
  timezone: ["GMT", "UTC", "Etc/UTC"],
};

interface Forecast {
  readonly places: readonly Place[];
  readonly names: readonly string[];
  readonly speed: { readonly unit: string; readonly perMetrePerSecond: number };
}

/** Why a request is refused; becomes the `reason` of the answer. */
class Refused extends Error {}

/**
 * `GET /v1/forecast?latitude=A,B&longitude=C,D&current=…`: one object for one pair of coordinates, an array for
 * several (https://open-meteo.com/en/docs). Only `current` is served.
 */
export function answerForecast(query: URLSearchParams, { recording }: { recording: Recording }): Answer {
  try {
    const forecast = parseQuery(query, recording);
    const results = forecast.places.map((place, index) => ({
      ...(index > 0 && { location_id: index }),
      ...current(place, recording.latest(place), forecast),
    }));
    return { status: 200, body: results.length === 1 ? results[0] : results };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { status: 400, body: { error: true, reason: error.message } };
  }
}

function parseQuery(query: URLSearchParams, recording: Recording): Forecast {
  for (const [name, allowed] of Object.entries(FIXED)) {
    const value = query.get(name);
    if (value !== null && !allowed.includes(value)) throw refused(name, value, allowed.join(", "));
  }
  const speedUnit = query.get("wind_speed_unit") ?? "kmh";
  const speed = SPEED_UNITS[speedUnit];
  if (speed === undefined) throw refused("wind_speed_unit", speedUnit, Object.keys(SPEED_UNITS).join(", "));
  return { places: parsePlaces(query, recording), names: parseVariables(query), speed };
}

function parsePlaces(query: URLSearchParams, recording: Recording): readonly Place[] {
  const latitudes = (query.get("latitude") ?? "").split(",");
  const longitudes = (query.get("longitude") ?? "").split(",");
  if (latitudes.length !== longitudes.length) {
    throw new Refused(
      `${latitudes.length} latitudes and ${longitudes.length} longitudes; as many of each are needed`,
    );
  }
  return latitudes.map((text, index) => {
    const [latitude, longitude] = [parseDegrees(text), parseDegrees(longitudes[index])];
    const place =
      latitude === undefined || longitude === undefined ? undefined : recording.placeAt(latitude, longitude);
    if (place !== undefined) return place;
    throw refused("latitude,longitude", `${text},${longitudes[index]}`, "within 0.01° of a configured place");
  });
}

function parseVariables(query: URLSearchParams): readonly string[] {
  const names = query.getAll("current").flatMap((list) => list.split(","));
  const unknown = names.find((name) => !Object.hasOwn(VARIABLES, name));
  if (unknown !== undefined) throw refused("current", unknown, Object.keys(VARIABLES).join(", "));
  if (names.length === 0)
    throw new Refused("current is missing; the recording is served as current conditions");
  return names;
}

function refused(name: string, value: string, allowed: string): Refused {
  return new Refused(`${name} is ${JSON.stringify(value)}; allowed: ${allowed}`);
}

function current(place: Place, reading: Reading, { names, speed }: Forecast) {
  const variables = names.map((name) => [name, VARIABLES[name] ?? { unit: "" }] as const);
  const units = variables.map(([name, { unit, isSpeed }]) => [name, isSpeed ? speed.unit : unit]);
  const values = variables.map(([name, variable]) => [name, convert(reading, variable, speed)]);
  return {
    latitude: place.latitude,
    longitude: place.longitude,
    generationtime_ms: 0,
    utc_offset_seconds: 0,
    timezone: "GMT",
    timezone_abbreviation: "GMT",
    current_units: { time: "iso8601", interval: "seconds", ...Object.fromEntries(units) },
    current: {
      time: reading.time.toISOString().slice(0, "YYYY-MM-DDTHH:MM".length),
      interval: INTERVAL_SECONDS,
      ...Object.fromEntries(values),
    },
  };
}

function convert(reading: Reading, variable: Variable, speed: Forecast["speed"]): number | null {
  const value = variable.field === undefined ? null : reading.values[variable.field];
  if (value === null) return null;
  if (variable.partOfHour !== undefined) return value * variable.partOfHour;
  if (variable.isSpeed && speed.perMetrePerSecond !== 1) return oneDecimal(value * speed.perMetrePerSecond);
  return value;
}

/** The precision of Open-Meteo's speeds. */
function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
