import type { Rule } from "../rules.ts";

const clear = { after: "3h", ratio: 0.9 };
const scale = "INMET";

/**
 * Thresholds of INMET's warnings, used on observations: rain (acumulado), wind gusts and low humidity.
 * https://alertas2.inmet.gov.br/; levels yellow "perigo potencial", orange "perigo", red "grande perigo".
 */
export const inmet: readonly Rule[] = [
  {
    hazard: "rain",
    measure: { metric: "rainIntensity", over: "1h", as: "sum" },
    levels: { yellow: 20, orange: 30, red: 60 },
    clear,
    scale,
  },
  {
    hazard: "rain",
    measure: { metric: "rainIntensity", over: "24h", as: "sum" },
    levels: { orange: 50, red: 100 },
    clear,
    scale,
  },
  {
    hazard: "wind",
    measure: { metric: "windGust", unit: "km/h" },
    levels: { yellow: 40, orange: 60, red: 100 },
    clear,
    scale,
  },
  {
    hazard: "dry-air",
    measure: { metric: "humidity" },
    levels: { yellow: 30, orange: 20, red: 12 },
    below: true,
    clear,
    scale,
  },
];
