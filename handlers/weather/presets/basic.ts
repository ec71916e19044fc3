import type { Rule } from "../rules.ts";

const levels = { orange: 10 };
const clear = { after: "3h", ratio: 0.9 };

/** The four thresholds of the original project: 10 each, in Tomorrow.io's own units (%, m/s, m/s, mm/h). */
export const basic: readonly Rule[] = [
  { hazard: "precipitation", measure: { metric: "precipitationProbability" }, levels, clear },
  { hazard: "wind", measure: { metric: "windSpeed" }, levels, clear },
  { hazard: "gust", measure: { metric: "windGust" }, levels, clear },
  { hazard: "rain", measure: { metric: "rainIntensity" }, levels, clear },
];
