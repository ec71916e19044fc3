/**
 * Measures of a Tomorrow.io realtime response that we know, with their metric units.
 * https://docs.tomorrow.io/reference/weather-data-layers
 */
export const FIELD_UNITS = {
  altimeterSetting: "hPa",
  cloudBase: "km",
  cloudCeiling: "km",
  cloudCover: "%",
  dewPoint: "°C",
  freezingRainIntensity: "mm/h",
  humidity: "%",
  precipitationProbability: "%",
  pressureSeaLevel: "hPa",
  pressureSurfaceLevel: "hPa",
  rainIntensity: "mm/h",
  sleetIntensity: "mm/h",
  snowIntensity: "mm/h",
  temperature: "°C",
  temperatureApparent: "°C",
  uvHealthConcern: "",
  uvIndex: "",
  visibility: "km",
  weatherCode: "",
  windDirection: "°",
  windGust: "m/s",
  windSpeed: "m/s",
} as const;

export type Field = keyof typeof FIELD_UNITS;

export const FIELDS = Object.keys(FIELD_UNITS) as readonly Field[];

/** Fields by name; null is unknown, never zero. Fields we do not know may be there too. */
export type Values = Readonly<Partial<Record<Field, number | null | undefined>>>;

/** Lowest and highest figure of each unit that weather on Earth can have; beyond lie the codes of sensors for a fault. */
const PLAUSIBLE: Readonly<Record<(typeof FIELD_UNITS)[Field], readonly [number, number]>> = {
  "°C": [-100, 70], // -89.2 and 56.7 were measured: https://wmo.asu.edu/content/global-weather-climate-extremes
  "%": [0, 110], // a wet sensor may say a little more than 100
  "m/s": [0, 150], // 113.2 was measured
  "mm/h": [0, 2500], // 31.2 mm in a minute were measured
  hPa: [300, 1100], // 312 on the highest summit, 1084.8 at sea level
  km: [0, 1000],
  "°": [0, 360],
  "": [0, 10_000],
};

/** The values with the implausible ones as unknown; the very same object when there is none. */
export function plausibleValues(values: Values): Values {
  const implausible = FIELDS.filter((field) => isImplausible(field, values[field]));
  if (implausible.length === 0) return values;
  return { ...values, ...Object.fromEntries(implausible.map((field) => [field, null])) };
}

function isImplausible(field: Field, value: number | null | undefined): boolean {
  const [lowest, highest] = PLAUSIBLE[FIELD_UNITS[field]];
  return typeof value === "number" && !(value >= lowest && value <= highest);
}
