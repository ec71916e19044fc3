import { existsSync, readFileSync } from "node:fs";
import type { Context } from "mocha";
import type { Values } from "../../../handlers/weather/observation/fields.ts";

/** Real hourly observations of INMET's station A801; kept outside of the project. */
const DIRECTORY = new URL("../../../../shared/data/inmet/", import.meta.url);

export const INMET_FILES = [
  "A801_2024-01-16_17_windstorm.csv",
  "A801_2024-04-29_05-05_flood.csv",
  "A801_2024-05-23_27_second_rain_with_gap.csv",
] as const;

export interface Reading {
  readonly time: string;
  readonly values: Values;
}

/** The rows of a real file; skips the test, saying why, where the file is absent. Columns by position. */
export function readingsOrSkip(file: string, test: Context): readonly Reading[] {
  const path = new URL(file, DIRECTORY);
  if (!existsSync(path)) {
    console.warn(`      skipped: ${file} of INMET is absent`);
    return test.skip();
  }
  const rows = readFileSync(path, "latin1").trim().split(/\r?\n/).slice(1);
  return rows.map((row) => {
    const columns = row.split(";");
    const [date = "", hour = ""] = columns;
    const figure = (column: number) => toNumber(columns[column - 1]);
    return {
      time: `${date.replaceAll("/", "-")}T${hour.slice(0, 2)}:${hour.slice(2, 4)}:00Z`,
      values: {
        rainIntensity: figure(3),
        temperature: figure(8),
        humidity: figure(16),
        windGust: figure(18),
        windSpeed: figure(19),
      },
    };
  });
}

function toNumber(text = ""): number | null {
  return text === "" ? null : Number(text.replace(",", "."));
}
