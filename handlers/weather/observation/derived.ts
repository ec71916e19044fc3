import { FIELD_UNITS, type Field, type Values } from "./fields.ts";

/** Values that are computed from an observation, with their units. */
export const DERIVED_UNITS = { heatIndex: "°C", windChill: "°C", humidex: "°C" } as const;

type DerivedField = keyof typeof DERIVED_UNITS;

export const DERIVED_FIELDS = Object.keys(DERIVED_UNITS) as readonly DerivedField[];

/** All that a rule can be about, observed or derived, with units. */
export const MEASURED_UNITS = { ...FIELD_UNITS, ...DERIVED_UNITS } as const;

export type MeasuredField = Field | DerivedField;

export const MEASURED_FIELDS = Object.keys(MEASURED_UNITS) as readonly MeasuredField[];

const INPUTS: Readonly<Record<DerivedField, readonly Field[]>> = {
  heatIndex: ["temperature", "humidity"],
  windChill: ["temperature", "windSpeed"],
  humidex: ["temperature", "dewPoint", "humidity"],
};

/** Measures that a metric is, or is derived from. */
export function inputsOf(metric: MeasuredField): readonly Field[] {
  return isDerived(metric) ? INPUTS[metric] : [metric];
}

function isDerived(metric: MeasuredField): metric is DerivedField {
  return metric in INPUTS;
}

/** Values with those derived from them; null or absent is unknown, never zero. */
export type MeasuredValues = Readonly<Partial<Record<MeasuredField, number | null | undefined>>>;

type Known = number | null | undefined;

/**
 * An observation's values with heat index, wind chill and humidex: °C, or null where an input is unknown. Where it is
 * too warm or calm for wind chill, that is the air temperature. Returns the same object when all three are null, since absent means unknown, too, and
 * observations of rain alone then need no copy. Fields of these names that a source sends are replaced.
 */
export function deriveValues(values: Values): MeasuredValues {
  const { temperature, humidity, dewPoint, windSpeed } = values;
  const derived = {
    heatIndex: heatIndex(temperature, humidity),
    windChill: windChill(temperature, windSpeed) ?? unchilled(temperature, windSpeed),
    humidex: humidex(temperature, dewPoint ?? dewPointOf(temperature, humidity)),
  };
  const isAnyKnown = derived.heatIndex !== null || derived.windChill !== null || derived.humidex !== null;
  return isAnyKnown || DERIVED_FIELDS.some((field) => field in values) ? { ...values, ...derived } : values;
}

/**
 * Heat index in °C of air temperature in °C and relative humidity in %: Rothfusz' regression of Steadman's tables with
 * the adjustments of the US National Weather Service, and the simple formula where that one stays below 80 °F.
 * Meant for heat: below about 20 °C it is a number without meaning. In the shade; full sun can add 8 °C.
 * https://www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml
 */
export function heatIndex(temperatureCelsius: Known, humidityPercent: Known): number | null {
  if (!isKnown(temperatureCelsius) || !isHumidity(humidityPercent)) return null;
  const fahrenheit = temperatureCelsius * 1.8 + 32;
  const simple = 0.5 * (fahrenheit + 61 + (fahrenheit - 68) * 1.2 + humidityPercent * 0.094);
  const index = simple < 80 ? simple : regression(fahrenheit, humidityPercent);
  return finiteOrNull((index - 32) / 1.8);
}

/** Both in °F and %, as the coefficients were published. */
function regression(t: number, rh: number): number {
  const index =
    -42.379 +
    2.04901523 * t +
    10.14333127 * rh -
    0.22475541 * t * rh -
    0.00683783 * t * t -
    0.05481717 * rh * rh +
    0.00122874 * t * t * rh +
    0.00085282 * t * rh * rh -
    0.00000199 * t * t * rh * rh;
  if (rh < 13 && t >= 80 && t <= 112) {
    return index - ((13 - rh) / 4) * Math.sqrt((17 - Math.abs(t - 95)) / 17);
  }
  return rh > 85 && t >= 80 && t <= 87 ? index + ((rh - 85) / 10) * ((87 - t) / 5) : index;
}

/** The index is defined up to 50 °F; at 3 mph, a walk, it is the temperature. */
const WARMEST_CHILL_CELSIUS = 10;
const SLOWEST_CHILL_KILOMETRES_PER_HOUR = 4.8;

/**
 * Wind chill in °C of air temperature in °C and wind at 10 m in m/s, by the index that the US National Weather Service
 * and Environment Canada took up in 2001. Null above 10 °C and at a wind of 4.8 km/h or less, where it is not defined.
 * https://www.weather.gov/safety/cold-wind-chill-chart
 * https://www.canada.ca/en/environment-climate-change/services/weather-health/wind-chill-cold-weather/wind-chill-index.html
 */
export function windChill(temperatureCelsius: Known, windMetresPerSecond: Known): number | null {
  if (!isKnown(temperatureCelsius) || !isKnown(windMetresPerSecond)) return null;
  const kilometresPerHour = windMetresPerSecond * 3.6;
  if (temperatureCelsius > WARMEST_CHILL_CELSIUS || kilometresPerHour <= SLOWEST_CHILL_KILOMETRES_PER_HOUR) {
    return null;
  }
  const wind = kilometresPerHour ** 0.16;
  return finiteOrNull(
    13.12 + 0.6215 * temperatureCelsius - 11.37 * wind + 0.3965 * temperatureCelsius * wind,
  );
}

/** Outside the defined range, wind chill is the air temperature. Without a value, a cold alert could not end when it gets warm. */
function unchilled(temperatureCelsius: Known, windMetresPerSecond: Known): number | null {
  return isKnown(temperatureCelsius) && isKnown(windMetresPerSecond) ? temperatureCelsius : null;
}

/** Water freezes at 0 °C; the formula's other constant, 273.16 K, is the triple point. */
const ZERO_CELSIUS_KELVIN = 273.15;

/**
 * Humidex of air temperature and dew point, both in °C (J. M. Masterton and F. A. Richardson, Atmospheric Environment
 * Service of Canada, 1979). Dimensionless in name, read as °C. Environment Canada reports it from 20 °C up.
 * https://www.canada.ca/en/services/environment/weather/severeweather/humidex.html
 */
export function humidex(temperatureCelsius: Known, dewPointCelsius: Known): number | null {
  if (!isKnown(temperatureCelsius) || !isKnown(dewPointCelsius)) return null;
  const dewPointKelvin = dewPointCelsius + ZERO_CELSIUS_KELVIN;
  if (dewPointKelvin <= 0) return null;
  const vapourPressureHectopascal = 6.11 * Math.exp(5417.753 * (1 / 273.16 - 1 / dewPointKelvin));
  return finiteOrNull(temperatureCelsius + (5 / 9) * (vapourPressureHectopascal - 10));
}

/** Magnus' constants over water, -45 to 60 °C. WMO-No. 8, Guide to Instruments, annex 4.B. */
const MAGNUS_FACTOR = 17.62;
const MAGNUS_CELSIUS = 243.12;

/**
 * Dew point in °C of air temperature in °C and relative humidity in %, by Magnus' formula: within 0.1 °C of a measured
 * one between 0 and 60 °C. Null for air without any vapour, which has none.
 */
export function dewPointOf(temperatureCelsius: Known, humidityPercent: Known): number | null {
  if (!isKnown(temperatureCelsius) || !isHumidity(humidityPercent) || humidityPercent === 0) return null;
  const gamma =
    Math.log(humidityPercent / 100) +
    (MAGNUS_FACTOR * temperatureCelsius) / (MAGNUS_CELSIUS + temperatureCelsius);
  return finiteOrNull((MAGNUS_CELSIUS * gamma) / (MAGNUS_FACTOR - gamma));
}

/** Outside 0 to 100 % it is a sensor's code for a fault, not a humidity. */
function isHumidity(value: Known): value is number {
  return isKnown(value) && value >= 0 && value <= 100;
}

function isKnown(value: Known): value is number {
  return Number.isFinite(value);
}

/** For values far outside any weather the formulas overflow. The result is then unknown. */
function finiteOrNull(value: number): number | null {
  return isKnown(value) ? value : null;
}
