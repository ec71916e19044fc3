/**
 * The measures of a Tomorrow.io realtime response that we know: the one list from which the schema of records, the
 * columns of gold and the data dictionary are made. Units are metric; `column` is the name in gold.
 * https://docs.tomorrow.io/reference/weather-data-layers
 */
export const MEASURES = {
  altimeterSetting: {
    column: "altimeter_setting",
    unit: "hPa",
    type: "double",
    description:
      "Pressure that an altimeter is set to: surface pressure reduced to sea level by the standard atmosphere.",
  },
  cloudBase: {
    column: "cloud_base",
    unit: "km",
    type: "double",
    description: "Lowest height of clouds above ground; unknown under a clear sky.",
  },
  cloudCeiling: {
    column: "cloud_ceiling",
    unit: "km",
    type: "double",
    description: "Lowest height at which clouds cover most of the sky; unknown when none does.",
  },
  cloudCover: {
    column: "cloud_cover",
    unit: "%",
    type: "double",
    description: "Part of the sky that clouds cover.",
  },
  dewPoint: {
    column: "dew_point",
    unit: "°C",
    type: "double",
    description: "Temperature to which the air must cool for dew to form.",
  },
  freezingRainIntensity: {
    column: "freezing_rain_intensity",
    unit: "mm/h",
    type: "double",
    description: "Rain that freezes where it falls.",
  },
  humidity: { column: "humidity", unit: "%", type: "double", description: "Relative humidity." },
  precipitationProbability: {
    column: "precipitation_probability",
    unit: "%",
    type: "double",
    description: "Chance of more than 0.0254 mm of precipitation within the hour.",
  },
  pressureSeaLevel: {
    column: "pressure_sea_level",
    unit: "hPa",
    type: "double",
    description: "Air pressure reduced to sea level.",
  },
  pressureSurfaceLevel: {
    column: "pressure_surface_level",
    unit: "hPa",
    type: "double",
    description: "Air pressure at the ground.",
  },
  rainIntensity: { column: "rain_intensity", unit: "mm/h", type: "double", description: "Rain." },
  sleetIntensity: {
    column: "sleet_intensity",
    unit: "mm/h",
    type: "double",
    description: "Sleet, as water.",
  },
  snowIntensity: { column: "snow_intensity", unit: "mm/h", type: "double", description: "Snow, as water." },
  temperature: { column: "temperature", unit: "°C", type: "double", description: "Air temperature." },
  temperatureApparent: {
    column: "temperature_apparent",
    unit: "°C",
    type: "double",
    description: "Temperature as felt: wind chill in the cold, heat index in the heat.",
  },
  uvHealthConcern: {
    column: "uv_health_concern",
    unit: "",
    type: "integer",
    description:
      "UV index by what it does to health: 0-2 low, 3-5 moderate, 6-7 high, 8-10 very high, 11 extreme.",
  },
  uvIndex: { column: "uv_index", unit: "", type: "integer", description: "UV index." },
  visibility: { column: "visibility", unit: "km", type: "double", description: "How far one sees." },
  weatherCode: {
    column: "weather_code",
    unit: "",
    type: "integer",
    description: "Weather in a number, https://docs.tomorrow.io/reference/data-layers-weather-codes",
  },
  windDirection: {
    column: "wind_direction",
    unit: "°",
    type: "double",
    description: "Where the wind comes from, clockwise from true north.",
  },
  windGust: {
    column: "wind_gust",
    unit: "m/s",
    type: "double",
    description: "Highest wind of a short while, 10 m above ground.",
  },
  windSpeed: {
    column: "wind_speed",
    unit: "m/s",
    type: "double",
    description: "Mean wind, 10 m above ground.",
  },
} as const satisfies Readonly<Record<string, Measure>>;

interface Measure {
  readonly column: string;
  /** Empty for a code or an index. */
  readonly unit: string;
  readonly type: "double" | "integer";
  readonly description: string;
}

export type Field = keyof typeof MEASURES;
export type Unit = (typeof MEASURES)[Field]["unit"];

export const FIELDS = Object.keys(MEASURES) as readonly Field[];

/** Unit of each field, empty for a code or an index. */
export const FIELD_UNITS = Object.fromEntries(
  FIELDS.map((field) => [field, MEASURES[field].unit]),
) as Readonly<Record<Field, Unit>>;

/** Fields by name; null is unknown, never zero. Fields we do not know may be there too. */
export type Values = Readonly<Partial<Record<Field, number | null | undefined>>>;
