import { rm } from "node:fs/promises";
import { expect } from "chai";
import { parameterValues } from "../../etl/query-parameters.ts";
import { readSavedQueries, type SavedQuery } from "../../etl/saved-queries.ts";
import { createEngine, type Engine } from "../../local/athena/engine.ts";
import type { Cell, QueryResult } from "../../local/athena/result.ts";
import { type GoldRow, hourly, writeGold } from "./weather-table.ts";

const queries = readSavedQueries("queries");

/** 30 April: a wet day; 1 May: silent from 02:00 to 05:00; 3 May: one reading. Another place: windy, dry. */
const ROWS: readonly GoldRow[] = [
  ...hourly("2024-04-30T00:00:00Z", 24, (hour) => ({
    temperature: 10 + hour / 2,
    humidity: 90,
    rain_intensity: hour < 12 ? 2 : null,
    wind_gust: hour,
    wind_speed: 2,
    wind_direction: hour < 18 ? 350 : 90,
  })),
  ...hourly("2024-05-01T00:00:00Z", 2, () => ({ temperature: 30, rain_intensity: 10, wind_gust: 12 })),
  ...hourly("2024-05-01T02:00:00Z", 3, () => ({})),
  ...hourly("2024-05-01T05:00:00Z", 1, () => ({ temperature: 30, rain_intensity: 6 })),
  ...hourly("2024-05-03T09:30:00Z", 1, () => ({ temperature: 20, arrived_at: "2024-05-03 09:37:00" })),
  ...hourly("2024-04-30T12:00:00Z", 3, () => ({
    location: "rio",
    wind_gust: 20,
    wind_speed: 5,
    wind_direction: 180,
  })),
];

describe("saved queries", () => {
  let engine: Engine;
  let directory: string;

  before(async () => {
    const gold = await writeGold(ROWS);
    directory = gold.directory;
    engine = await createEngine({ tables: [gold.table], directory });
  });

  after(async () => {
    engine.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function run(
    name: string,
    given: Readonly<Record<string, string | number>> = {},
  ): Promise<QueryResult> {
    const query = queryNamed(name);
    const values = parameterValues(query.parameters, { lastDay: "2024-05-03", given });
    return engine.run(query.sql, { database: "weather", values });
  }

  it("are at least eight", () => {
    expect(queries).to.have.length.of.at.least(8);
  });

  for (const query of queries) {
    it(`${query.name} answers the columns its header names`, async () => {
      const result = await run(query.name);
      expect(result.columns.map(({ name }) => name)).to.deep.equal(query.columns.map(({ name }) => name));
      expect(result.rows).not.to.have.length(0);
    });

    it(`${query.name} filters by the partition`, () => {
      expect(query.sql).to.match(/\bday (BETWEEN \? AND \?|>= \?)/);
    });
  }

  it("latest_by_place", async () => {
    const rows = await cells("latest_by_place", ["location", "observed_at", "temperature", "delay_minutes"]);
    expect(rows).to.deep.equal([
      ["poa", "2024-05-03 09:30:00.000", 20, 7],
      ["rio", "2024-04-30 14:00:00.000", null, 0],
    ]);
  });

  it("daily_summary", async () => {
    const { rows } = await run("daily_summary", { location: "poa" });
    expect(rows).to.deep.equal([
      ["poa", "2024-04-30", 10, 15.8, 21.5, 90, 24, 23, 24],
      ["poa", "2024-05-01", 30, 30, 30, null, 26, 12, 6],
      ["poa", "2024-05-03", 20, 20, 20, null, null, null, 1],
    ]);
  });

  it("rain_running_sums, windows open at their start", async () => {
    const rows = await cells("rain_running_sums", [
      "observed_at",
      "rain",
      "rain_3h",
      "rain_24h",
      "hours_known",
    ]);
    expect(rows[11]).to.deep.equal(["2024-04-30 11:00:00.000", 2, 6, 24, 12]);
    expect(rows[12]).to.deep.equal(["2024-05-01 00:00:00.000", 10, 10, 32, 12]);
    expect(rows[13]).to.deep.equal(["2024-05-01 01:00:00.000", 10, 20, 40, 12]);
    expect(rows[14]).to.deep.equal(["2024-05-01 05:00:00.000", 6, 6, 38, 9]);
  });

  it("worst_rain_by_month", async () => {
    expect((await run("worst_rain_by_month")).rows).to.deep.equal([
      ["poa", "2024-04", 24, "2024-04-30 11:00:00.000"],
      ["poa", "2024-05", 40, "2024-05-01 01:00:00.000"],
    ]);
  });

  it("gust_ranking", async () => {
    const rows = await cells("gust_ranking", ["location", "position", "wind_gust_kmh"]);
    expect(rows).to.have.length(13);
    expect(rows[0]).to.deep.equal(["poa", 1, 82.8]);
    expect(rows[12]).to.deep.equal(["rio", 3, 72]);
  });

  it("completeness lists also a day without a reading", async () => {
    expect((await run("completeness", { location: "poa" })).rows).to.deep.equal([
      ["poa", "2024-04-30", 24, 0],
      ["poa", "2024-05-01", 3, 21],
      ["poa", "2024-05-02", 0, 24],
      ["poa", "2024-05-03", 1, 23],
    ]);
  });

  it("gaps", async () => {
    expect((await run("gaps")).rows).to.deep.equal([
      ["poa", "2024-05-01 01:00:00.000", "2024-05-01 05:00:00.000", 240],
      ["poa", "2024-05-01 05:00:00.000", "2024-05-03 09:30:00.000", 3150],
    ]);
    expect((await run("gaps", { longer_than_minutes: 240 })).rows).to.have.length(1);
  });

  it("hours_of_strong_wind", async () => {
    expect((await run("hours_of_strong_wind", { gust_at_least: 12 })).rows).to.deep.equal([
      ["poa", "2024-04", 12, 24, 50],
      ["poa", "2024-05", 2, 2, 100],
      ["rio", "2024-04", 3, 3, 100],
    ]);
  });

  it("degree_days", async () => {
    expect((await run("degree_days")).rows).to.deep.equal([
      ["poa", "2024-04", 2.3, 0, 1],
      ["poa", "2024-05", 0, 6, 2],
    ]);
  });

  it("daily_cycle goes by the local hour", async () => {
    const rows = await cells("daily_cycle", ["local_hour", "temperature_mean"], {
      location: "poa",
      to: "2024-04-30",
    });
    expect(rows[0]).to.deep.equal([0, 11.5]);
    expect(rows[21]).to.deep.equal([21, 10]);
  });

  it("wind_rose", async () => {
    expect((await run("wind_rose")).rows).to.deep.equal([
      ["poa", "N", 75, 2, 17],
      ["poa", "E", 25, 2, 23],
      ["rio", "S", 100, 5, 20],
    ]);
  });

  it("take text for what it is", async () => {
    expect((await run("gaps", { location: "' OR 1 = 1 --" })).rows).to.deep.equal([]);
  });

  async function cells(
    name: string,
    columns: readonly string[],
    given: Record<string, string> = {},
  ): Promise<Cell[][]> {
    const result = await run(name, given);
    const positions = columns.map((column) => result.columns.findIndex(({ name }) => name === column));
    return result.rows.map((row) => positions.map((position) => row[position] ?? null));
  }
});

function queryNamed(name: string): SavedQuery {
  const query = queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new Error(`no saved query ${name}`);
  return query;
}
