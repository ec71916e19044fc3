import type { Field } from "../handlers/weather/observation/fields.ts";

interface Measure {
  /** Tomorrow.io's name, metric units (https://docs.tomorrow.io/reference/data-layers-core). */
  readonly field: Field;
  /** Column of the readings file, with its unit. */
  readonly column: string;
  /** Column of INMET's hourly CSV: 1-based position, and the ASCII part of a title whose accents are often broken. */
  readonly inmet: { readonly position: number; readonly title: RegExp };
}

/**
 * The measures a station records. INMET's rain is the total of the hour that ends at the row's time: in mm, and
 * thus the mean intensity of that hour in mm/h.
 */
export const MEASURES = [
  { field: "rainIntensity", column: "rain_mm_per_h", inmet: { position: 3, title: /^PRECIPITA.*\(mm\)$/i } },
  {
    field: "pressureSurfaceLevel",
    column: "pressure_hpa",
    inmet: { position: 4, title: /^PRESS.*NIVEL DA ESTA/i },
  },
  {
    field: "temperature",
    column: "temperature_c",
    inmet: { position: 8, title: /^TEMPERATURA.*BULBO SECO/i },
  },
  {
    field: "dewPoint",
    column: "dew_point_c",
    inmet: { position: 9, title: /^TEMPERATURA DO PONTO DE ORVALHO/i },
  },
  {
    field: "humidity",
    column: "humidity_percent",
    inmet: { position: 16, title: /^UMIDADE RELATIVA DO AR/i },
  },
  {
    field: "windDirection",
    column: "wind_direction_deg",
    inmet: { position: 17, title: /^VENTO, DIRE/i },
  },
  { field: "windGust", column: "wind_gust_m_per_s", inmet: { position: 18, title: /^VENTO, RAJADA.*m\/s/i } },
  {
    field: "windSpeed",
    column: "wind_speed_m_per_s",
    inmet: { position: 19, title: /^VENTO, VELOCIDADE.*m\/s/i },
  },
] as const satisfies readonly Measure[];

export type MeasureColumn = (typeof MEASURES)[number];
export type MeasureField = MeasureColumn["field"];

/** One value per measure, null where the station recorded none. */
type Values = Readonly<Record<MeasureField, number | null>>;

/** The values that one station measured at one time. In a missing reading every value is null. */
export interface Reading {
  readonly time: Date;
  readonly values: Values;
}

export function collectValues(valueFor: (measure: MeasureColumn) => number | null): Values {
  return Object.fromEntries(MEASURES.map((measure) => [measure.field, valueFor(measure)])) as Values;
}

/** The values of a missing reading. */
export const NO_VALUES: Values = collectValues(() => null);

/** Whether the station recorded nothing at that time. */
export function isMissing(reading: Reading): boolean {
  return MEASURES.every((measure) => reading.values[measure.field] === null);
}

export function sameValues(left: Values, right: Values): boolean {
  return MEASURES.every(({ field }) => left[field] === right[field]);
}

const FRACTION = /\.\d{3}Z$/;

/**
 * The instant of a UTC calendar time.
 * @param day `YYYY-MM-DD`
 * @param timeOfDay `HH:MM` or `HH:MM:SS`, 00:00 to 23:59:59
 * @returns undefined for a day that is not in the calendar.
 */
export function utcInstant(day: string, timeOfDay: string): Date | undefined {
  const instant = new Date(`${day}T${timeOfDay}Z`);
  if (Number.isNaN(instant.getTime())) return undefined;
  // Date reads 30 February as 1 March.
  return instant.toISOString().startsWith(day) ? instant : undefined;
}

/** ISO 8601 in UTC to the second, as Tomorrow.io writes it: `2024-04-30T11:00:00Z`. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(FRACTION, "Z");
}
