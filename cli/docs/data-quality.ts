import { FIELDS, type Field, MEASURES } from "../../handlers/weather/observation/fields.ts";
import {
  DEW_POINT_ABOVE_TEMPERATURE,
  FILL_VALUES,
  GUST_BELOW_MEAN,
  HIGHEST_GUST_FACTOR,
  highestRainMillimetres,
  JUDGED_GUST,
  LARGEST_STEPS,
  LIMITS,
  type Limits,
  NEVER_STEADY,
  type Range,
  WEAKEST_MEAN_WIND,
} from "../../handlers/weather/observation/quality/limits.ts";
import { code, markdownTable } from "./markdown.ts";
import { replaceBetween } from "./markers.ts";

/** `docs/data-quality.md`: the tables in it, from the limits that the checks use. */
export function dataQualityPage(_: string, current: string): string {
  const checks = markdownTable(
    ["check", "flag", "what it looks at", "source"],
    CHECKS.map(([...row]) => row),
  );
  const limits = markdownTable(
    ["measure", "unit", "erroneous outside", "doubtful outside", "source of the limits"],
    FIELDS.map((field) => limitCells(field, LIMITS[field])),
  );
  return replaceBetween(replaceBetween(current, "checks", checks), "limits", limits);
}

const WMO_GUIDE = "WMO-No. 488, VI.2";

const CHECKS: readonly (readonly [check: string, flag: string, what: string, source: string])[] = [
  [
    "schema",
    code("erroneous:unreadable"),
    "a value that is neither a number nor text that is a decimal number",
    "the API's documentation",
  ],
  ["fill value", code("erroneous:fill"), fillText(), "NOAA ISD and GSOD, Davis consoles"],
  [
    "plausibility",
    code("erroneous:range"),
    "a value that the weather cannot have, by the table below",
    WMO_GUIDE,
  ],
  [
    "record",
    code("doubtful:record"),
    "a possible value beyond what was ever recorded, by the table below",
    WMO_GUIDE,
  ],
  [
    "consistency",
    code("doubtful:gust"),
    `a gust of ${JUDGED_GUST} m/s or more that is over ${HIGHEST_GUST_FACTOR} times the mean wind (which counts as ${WEAKEST_MEAN_WIND} m/s at least), or a gust more than ${GUST_BELOW_MEAN} m/s below it`,
    `${WMO_GUIDE}; WMO-No. 8, I.5`,
  ],
  [
    "consistency",
    code("doubtful:dew-point"),
    `a dew point more than ${DEW_POINT_ABOVE_TEMPERATURE} °C above the temperature`,
    WMO_GUIDE,
  ],
  [
    "amount",
    code("doubtful:amount"),
    `more than ${highestRainMillimetres(1)} mm times the root of the hours that the reading stands for; a sum over a window is doubtful in the same way`,
    "Jennings 1950; WMO Weather and Climate Extremes Archive",
  ],
  [
    "step",
    code("doubtful:step"),
    `a change within an hour of more than ${stepsText()}, until the next reading confirms it; gold, which knows the next reading, has ${code("doubtful:spike")} for a value that both neighbours contradict`,
    `${WMO_GUIDE}; NOAA MADIS`,
  ],
  [
    "stuck value",
    code("doubtful:stuck"),
    `the same value for a day: ${steadyText()}`,
    `${WMO_GUIDE}, minimum required variability`,
  ],
];

function fillText(): string {
  return Object.entries(FILL_VALUES)
    .map(([unit, values]) => `${values.join(", ")} ${unit}`)
    .join("; ");
}

function stepsText(): string {
  return Object.entries(LARGEST_STEPS)
    .map(([field, step]) => `${step} ${MEASURES[field as Field].unit} of ${code(field)}`)
    .join(", ");
}

function steadyText(): string {
  return Object.entries(NEVER_STEADY)
    .map(([field, range]) => `${code(field)} from ${rangeText(range)} ${MEASURES[field as Field].unit}`)
    .join(", ");
}

function limitCells(field: Field, { possible, recorded, source }: Limits): string[] {
  return [
    code(field),
    MEASURES[field].unit,
    rangeText(possible),
    recorded === undefined ? "" : rangeText(recorded),
    source,
  ];
}

function rangeText([lowest, highest]: Range): string {
  return `${lowest} to ${highest}`;
}
