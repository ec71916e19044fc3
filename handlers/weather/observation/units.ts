import { MEASURED_UNITS, type MeasuredField } from "./derived.ts";

/** Units that a rule may ask for instead of m/s. */
export const SPEED_UNITS = ["km/h", "mph"] as const;
type SpeedUnit = (typeof SPEED_UNITS)[number];

/** Factors from m/s. 1 mile is 1609.344 m. */
export const SPEED_FACTORS: Readonly<Record<SpeedUnit, number>> = { "km/h": 3.6, mph: 3600 / 1609.344 };

/** Converts a speed in m/s; values of other units are returned unchanged. */
export function inUnit(field: MeasuredField, value: number, unit: SpeedUnit): number {
  return MEASURED_UNITS[field] === "m/s" ? value * SPEED_FACTORS[unit] : value;
}
