import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { QueryTable } from "../../local/athena/tables.ts";
import { projectDirectory, start, summaryOf, temporaryFolder } from "../end-to-end/command.ts";
import { expectFloodFigures } from "../end-to-end/flood-figures.ts";
import { type Asked, openQueries } from "./asked.ts";
import { describeTable } from "./weather-table.ts";

/** The days of the shipped figures, UTC. */
export const WEEK = { from: "2024-04-29", to: "2024-05-05" } as const;

/** The saved queries over what `npm start` makes of the shipped figures. */
export async function askedOfFlood(): Promise<Asked> {
  const folder = await temporaryFolder();
  expectFloodFigures(summaryOf(await start("--json", "--out", folder.path)));
  const tables = ["observations", "alerts"].map(
    (name): QueryTable => ({
      ...describeTable(name),
      files: globSync(join(folder.path, `s3/*/gold/${name}/*/*.parquet`)).sort(),
    }),
  );
  return await openQueries(tables, folder.path, folder.remove);
}

/** One line of the shipped figures; what was not measured is null. */
export interface Line {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly rain: number | null;
  readonly temperature: number | null;
  readonly humidity: number | null;
  readonly gust: number | null;
  readonly wind: number | null;
  readonly direction: number | null;
}

/** The shipped figures as they are in the file, past all of the pipeline. */
export function floodLines(): Line[] {
  const file = join(projectDirectory, "data/porto-alegre-2024-flood.csv");
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, comment: "#" });
  return rows.map((row) => {
    const figure = (column: string) => (row[column] ? Number(row[column]) : null);
    return {
      time: Date.parse(row.time_utc ?? ""),
      rain: figure("rain_mm_per_h"),
      temperature: figure("temperature_c"),
      humidity: figure("humidity_percent"),
      gust: figure("wind_gust_m_per_s"),
      wind: figure("wind_speed_m_per_s"),
      direction: figure("wind_direction_deg"),
    };
  });
}
