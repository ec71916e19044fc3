import type { ReplayLocation } from "./location.ts";
import type { MeasureField, Reading } from "./measures.ts";
import { type Answer, parseDegrees, type Recording } from "./recording.ts";

export const FORECAST_PATH = "/v1/forecast";

/** Sums of `current` cover the 15 minutes before its time. */
const INTERVAL_SECONDS = 900;
const HOUR_SECONDS = 3600;

interface Variable {
  readonly unit: string;
  /** Absent for a variable that stations do not record; the answer is null, as in Open-Meteo when a model has no value. */
  readonly field?: MeasureField;
  /** For a sum over the interval: its share of the hourly intensity. */
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
  // A rain gauge cannot distinguish showers from other rain, so all of it counts as rain.
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

/** Options with one supported value; the first spelling is the API's default. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  temperature_unit: ["celsius"],
  precipitation_unit: ["mm"],
  timeformat: ["iso8601"],
  timezone: ["GMT", "UTC", "Etc/UTC"],
};

interface Forecast {
  readonly locations: readonly ReplayLocation[];
  readonly names: readonly string[];
  readonly speed: { readonly unit: string; readonly perMetrePerSecond: number };
}

/** Thrown for a request that is not valid; the message becomes the `reason` of the answer. */
class BadRequest extends Error {}

/**
 * `GET /v1/forecast?latitude=A,B&longitude=C,D&current=…`: one object for one pair of coordinates, an array for
 * several (https://open-meteo.com/en/docs). Only `current` is served.
 */
export function answerForecast(query: URLSearchParams, { recording }: { recording: Recording }): Answer {
  try {
    const forecast = parseQuery(query, recording);
    const results = forecast.locations.map((location, index) => ({
      ...(index > 0 && { location_id: index }),
      ...current(location, recording.latest(location), forecast),
    }));
    return { status: 200, body: results.length === 1 ? results[0] : results };
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    return { status: 400, body: { error: true, reason: error.message } };
  }
}

function parseQuery(query: URLSearchParams, recording: Recording): Forecast {
  for (const [name, allowed] of Object.entries(FIXED)) {
    const value = query.get(name);
    if (value !== null && !allowed.includes(value)) throw badRequest(name, value, allowed.join(", "));
  }
  const speedUnit = query.get("wind_speed_unit") ?? "kmh";
  const speed = SPEED_UNITS[speedUnit];
  if (speed === undefined)
    throw badRequest("wind_speed_unit", speedUnit, Object.keys(SPEED_UNITS).join(", "));
  return { locations: parseLocations(query, recording), names: parseVariables(query), speed };
}

function parseLocations(query: URLSearchParams, recording: Recording): readonly ReplayLocation[] {
  const latitudes = (query.get("latitude") ?? "").split(",");
  const longitudes = (query.get("longitude") ?? "").split(",");
  if (latitudes.length !== longitudes.length) {
    throw new BadRequest(
      `${latitudes.length} latitudes and ${longitudes.length} longitudes; as many of each are needed`,
    );
  }
  return latitudes.map((text, index) => {
    const [latitude, longitude] = [parseDegrees(text), parseDegrees(longitudes[index])];
    const location =
      latitude === undefined || longitude === undefined
        ? undefined
        : recording.locationAt(latitude, longitude);
    if (location !== undefined) return location;
    throw badRequest(
      "latitude,longitude",
      `${text},${longitudes[index]}`,
      "within 0.01° of a configured location",
    );
  });
}

function parseVariables(query: URLSearchParams): readonly string[] {
  const names = query.getAll("current").flatMap((list) => list.split(","));
  const unknown = names.find((name) => !Object.hasOwn(VARIABLES, name));
  if (unknown !== undefined) throw badRequest("current", unknown, Object.keys(VARIABLES).join(", "));
  if (names.length === 0)
    throw new BadRequest("current is missing; the recording is available as current conditions only");
  return names;
}

function badRequest(name: string, value: string, allowed: string): BadRequest {
  return new BadRequest(`${name} is ${JSON.stringify(value)}; allowed: ${allowed}`);
}

function current(location: ReplayLocation, reading: Reading, { names, speed }: Forecast) {
  const variables = names.map((name) => [name, VARIABLES[name] ?? { unit: "" }] as const);
  const units = variables.map(([name, { unit, isSpeed }]) => [name, isSpeed ? speed.unit : unit]);
  const values = variables.map(([name, variable]) => [name, convert(reading, variable, speed)]);
  return {
    latitude: location.latitude,
    longitude: location.longitude,
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
