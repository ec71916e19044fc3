import type { Field, Unit } from "../fields.ts";

/** Lowest and highest value, both allowed. */
export type Range = readonly [lowest: number, highest: number];

/** What the value of a measure can be. Values in the unit of the measure. */
export interface Limits {
  /** Outside, a value is erroneous: weather cannot have it. */
  readonly possible: Range;
  /** Outside, a possible value is doubtful: it is beyond what was ever recorded. Defaults to `possible`. */
  readonly recorded?: Range;
  /** Where the limits come from. */
  readonly source: string;
}

const WMO_EXTREMES =
  "WMO Weather and Climate Extremes Archive, https://wmo.asu.edu/content/world-meteorological-organization-global-weather-climate-extremes-archive";
const DEFINITION = "By definition";

const PERCENT: Limits = { possible: [0, 100], source: DEFINITION };
const SEA_LEVEL_PRESSURE: Limits = {
  possible: [850, 1100],
  recorded: [870, 1085],
  source: `870 hPa (typhoon Tip, 1979) to 1084.8 hPa (Tosontsengel, 2001); ${WMO_EXTREMES}`,
};
const CLOUD_HEIGHT: Limits = {
  possible: [0, 25],
  source: "Clouds end with the tropopause, at 18 km or below",
};
const UV_INDEX: Limits = {
  possible: [0, 50],
  recorded: [0, 44],
  source: "43.3 (Licancabur, 2003), Cabrol et al. 2014, https://doi.org/10.3389/fenvs.2014.00019",
};
const INTENSITY: Range = [0, 2500];
const WATER_OF_SNOW: Limits = {
  possible: INTENSITY,
  recorded: [0, 100],
  source: "The heaviest snowfalls bring about 30 cm an hour, 30 mm of water",
};

/** One row for each measure: the plausibility table that alerts, gold and `docs/data-quality.md` share. */
export const LIMITS: Readonly<Record<Field, Limits>> = {
  altimeterSetting: SEA_LEVEL_PRESSURE,
  cloudBase: CLOUD_HEIGHT,
  cloudCeiling: CLOUD_HEIGHT,
  cloudCover: PERCENT,
  dewPoint: {
    possible: [-100, 45],
    recorded: [-95, 36],
    source: "35 °C (Dhahran, 2003); the lowest as for temperature",
  },
  freezingRainIntensity: WATER_OF_SNOW,
  humidity: {
    possible: [0.1, 110],
    recorded: [1, 105],
    source:
      "Air always holds some vapour, so 0 is a fill value; a wet sensor reads a little above 100 (WMO-No. 8, I.4)",
  },
  precipitationProbability: PERCENT,
  pressureSeaLevel: SEA_LEVEL_PRESSURE,
  pressureSurfaceLevel: {
    possible: [300, 1100],
    recorded: [320, 1085],
    source: "About 330 hPa on the highest summit (West 1999); the highest as at sea level",
  },
  rainIntensity: {
    possible: INTENSITY,
    recorded: [0, 1873],
    source: `31.2 mm in one minute (Unionville, 1956), as mm/h; ${WMO_EXTREMES}. Amounts have a limit of their own, below`,
  },
  sleetIntensity: WATER_OF_SNOW,
  snowIntensity: WATER_OF_SNOW,
  temperature: {
    possible: [-100, 65],
    recorded: [-89.2, 56.7],
    source: `-89.2 °C (Vostok, 1983) to 56.7 °C (Furnace Creek, 1913); ${WMO_EXTREMES}`,
  },
  temperatureApparent: {
    possible: [-140, 100],
    source: "Heat index and wind chill of the temperatures, humidities and winds above",
  },
  uvHealthConcern: UV_INDEX,
  uvIndex: UV_INDEX,
  visibility: { possible: [0, 500], source: "The longest line of sight that was photographed is 443 km" },
  weatherCode: { possible: [0, 99_999], source: "Codes have at most five digits" },
  windDirection: { possible: [0, 360], source: DEFINITION },
  windGust: {
    possible: [0, 150],
    recorded: [0, 113.3],
    source: `113.3 m/s (Barrow Island, 1996); ${WMO_EXTREMES}`,
  },
  windSpeed: {
    possible: [0, 150],
    recorded: [0, 103.3],
    source:
      "103.3 m/s (Mount Washington, 1934), https://mountwashington.org/the-story-of-the-world-record-wind/",
  },
};

/**
 * Values inside `possible` that feeds send for "not measured", by unit. Each is compared with the value to a hundredth.
 * Values that the weather does have, such as 999.9 hPa or 99.9 mm/h, are not here.
 */
export const FILL_VALUES: Readonly<Partial<Record<Unit, readonly number[]>>> = {
  // 999 and 999.9: NOAA's ISD and GSOD; 655.35: the highest number of two bytes, in hundredths.
  "mm/h": [655.35, 999, 999.9, 999.99],
  // 99, 99.9 and 99.99: two digits of nines; 113.99: 255 mph, the highest number of one byte, of Davis consoles.
  "m/s": [99, 99.9, 99.99, 113.99, 114],
};

/**
 * Highest amount of rain in mm that is not doubtful within some hours: an envelope over the recorded amounts, above each
 * of them and about twice as high at most. The records follow a power of the time with an exponent near a half
 * (A. H. Jennings, World's greatest observed point rainfalls, Monthly Weather Review 78, 1950).
 */
export function highestRainMillimetres(hours: number): number {
  return 500 * Math.sqrt(hours);
}

/** A gust is doubtful from this value on, in m/s, when the mean wind is too weak for it. Below, nothing is endangered. */
export const JUDGED_GUST = 20;
/**
 * Times the mean wind. In gales the factor is 1.4 to 2; where a thunderstorm passes between two mean winds of ten
 * minutes, it reaches ten (WMO-No. 8, I.5; storm of Porto Alegre of January 2024: 4.8).
 */
export const HIGHEST_GUST_FACTOR = 15;
/** Mean winds below this, in m/s, count as this: anemometers start at about 0.5 m/s. */
export const WEAKEST_MEAN_WIND = 1;
/** A gust is the highest of the winds that the mean is of; readings are rounded. m/s. */
export const GUST_BELOW_MEAN = 1;
/** Air is saturated at its dew point; sensors are that accurate. °C. */
export const DEW_POINT_ABOVE_TEMPERATURE = 1;

/**
 * Largest change of a measure within an hour that is not doubtful. Temperature and humidity as NOAA's MADIS has them
 * (35 °F, 50 %), https://madis.ncep.noaa.gov/madis_sfc_qc_notes.shtml; pressure (15 hPa) by the same page's check of
 * temporal consistency. Rain and wind have none: their steps are what the alerts are for.
 */
export const LARGEST_STEPS: Readonly<Partial<Record<Field, number>>> = {
  temperature: 19.5,
  dewPoint: 19.5,
  humidity: 50,
  pressureSeaLevel: 15,
  pressureSurfaceLevel: 15,
};

/**
 * Measures whose value always changes within a day where the sensor works (WMO-No. 488, Guide to the Global Observing
 * System, VI.2, check on a minimum required variability), and the range in which the same value for a day is doubtful.
 * Saturated air can stay saturated, and a dry day has no rain.
 */
export const NEVER_STEADY: Readonly<Partial<Record<Field, Range>>> = {
  temperature: [-100, 65],
  humidity: [0.1, 94.9],
  pressureSeaLevel: [850, 1100],
  pressureSurfaceLevel: [300, 1100],
  rainIntensity: [0.1, 2500],
  windGust: [0, 150],
};
