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
