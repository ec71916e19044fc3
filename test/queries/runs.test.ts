import { expect } from "chai";
import { type Asked, askedOf, type Given } from "./asked.ts";
import { type GoldRow, hourly } from "./weather-table.ts";

/** Gusts by the hour; null is unknown. */
const gusts = (start: string, values: readonly (number | null)[], location = "poa"): GoldRow[] =>
  hourly(start, values.length, (hour) => ({ location, wind_gust: values[hour] ?? null }));

describe("threshold_runs", () => {
  let asked: Asked;

  before(async () => {
    asked = await askedOf([
      // Two hours, a lull, one hour; an unknown one; two ties for the peak.
      ...gusts("2024-05-01T20:00:00Z", [9, 10, 15, 9, 12, null, 11, 9]),
      ...gusts("2024-05-02T10:00:00Z", [20, 20, 5, -1]),
      ...gusts("2024-05-01T21:00:00Z", [30], "rio"),
    ]);
  });

  after(() => asked[Symbol.asyncDispose]());

  const runs = (given: Record<string, string | number>) =>
    asked.rows("threshold_runs", { metric: "wind_gust", threshold: 10, ...given });

  it("are islands, each from its first to its last reading at or over the threshold", async () => {
    expect(await runs({ location: "poa" })).to.deep.equal([
      ["poa", "2024-05-01 21:00:00.000", "2024-05-01 22:00:00.000", 2, 2, 15, "2024-05-01 22:00:00.000"],
      ["poa", "2024-05-02 00:00:00.000", "2024-05-02 00:00:00.000", 1, 1, 12, "2024-05-02 00:00:00.000"],
      ["poa", "2024-05-02 02:00:00.000", "2024-05-02 02:00:00.000", 1, 1, 11, "2024-05-02 02:00:00.000"],
      ["poa", "2024-05-02 10:00:00.000", "2024-05-02 11:00:00.000", 2, 2, 20, "2024-05-02 10:00:00.000"],
    ]);
  });

  it("join over a gap up to the given one, but not from place to place", async () => {
    const ends = async (joining_minutes: number) =>
      (await runs({ joining_minutes })).map(([place, start, end, hours]) => [
        place,
        String(start).slice(8, 13),
        String(end).slice(8, 13),
        hours,
      ]);

    expect(await ends(120)).to.deep.equal([
      ["poa", "01 21", "02 02", 4],
      ["poa", "02 10", "02 11", 2],
      ["rio", "01 21", "01 21", 0],
    ]);
    expect(await ends(119)).to.have.length(5);
    expect(await ends(480)).to.deep.equal([
      ["poa", "01 21", "02 11", 6],
      ["rio", "01 21", "01 21", 0],
    ]);
    expect(await ends(59)).to.have.length(7);
  });

  it("go below, too, and the peak is then the lowest", async () => {
    expect(await runs({ side: "below", threshold: 9, location: "poa" })).to.deep.equal([
      ["poa", "2024-05-01 20:00:00.000", "2024-05-01 20:00:00.000", 0, 1, 9, "2024-05-01 20:00:00.000"],
      ["poa", "2024-05-01 23:00:00.000", "2024-05-01 23:00:00.000", 1, 1, 9, "2024-05-01 23:00:00.000"],
      ["poa", "2024-05-02 03:00:00.000", "2024-05-02 03:00:00.000", 1, 1, 9, "2024-05-02 03:00:00.000"],
      ["poa", "2024-05-02 12:00:00.000", "2024-05-02 13:00:00.000", 2, 2, -1, "2024-05-02 13:00:00.000"],
    ]);
  });

  it("are none of a metric or a side that is not there", async () => {
    expect(await runs({ metric: "location" })).to.deep.equal([]);
    expect(await runs({ metric: "temperature" })).to.deep.equal([]);
    expect(await runs({ side: "beside" })).to.deep.equal([]);
  });
});

describe("return_levels", () => {
  /** A year of 8766 hours without wind but for some. */
  const YEAR = gusts("2023-01-01T00:00:00Z", Array(8766).fill(5)).map((row, hour) => {
    if ([100, 101, 123, 200].includes(hour)) return { ...row, wind_gust: 20 };
    return hour === 5000 ? { ...row, wind_gust: 30 } : row;
  });
  let asked: Asked;

  before(async function () {
    this.timeout(60_000);
    asked = await askedOf([
      ...YEAR.slice(0, 260),
      ...YEAR.slice(4990, 5010),
      ...hourly("2024-05-01T00:00:00Z", 48, (hour) => ({
        location: "wet",
        rain_intensity: hour < 30 ? 2 : hour === 40 ? null : 0,
      })),
    ]);
  });

  after(() => asked[Symbol.asyncDispose]());

  it("counts events that are apart, over the time that is known", async () => {
    const rows = await asked.rows("return_levels", {
      metric: "wind_gust",
      location: "poa",
      thresholds: "30/20/20/ 99",
    });

    // 279 hours known: no rate. At 101 and 123 lie 22 h, at 123 and 200 more than 24 h between.
    const noRate = [null, null, null, 0.032, "no rate: less than 80 % of a year is known"];
    expect(rows).to.deep.equal([
      ["poa", 20, 5, 3, ...noRate],
      ["poa", 30, 1, 1, ...noRate],
      ["poa", 99, 0, 0, ...noRate],
    ]);
  });

  it("joins readings to events by separate_hours", async () => {
    const events = async (separate_hours: number) =>
      (
        await asked.rows("return_levels", { metric: "wind_gust", thresholds: "20", separate_hours }, [
          "events",
        ])
      )[0];

    expect([await events(1), await events(22), await events(23), await events(78)]).to.deep.equal([
      [5],
      [4],
      [3],
      [2],
    ]);
  });

  it("knows sums of rain, from the days before, where rain is known", async () => {
    const given = { metric: "rain_24h", location: "wet", thresholds: "20/48/48.1" };
    const beyond = (more: Given) =>
      asked.rows("return_levels", { ...given, ...more }, ["threshold", "hours_beyond", "years_known"]);

    // Not in the hour 40, whose rain is not known.
    expect(await beyond({})).to.deep.equal([
      [20, 33, 0.005],
      [48, 6, 0.005],
      [48.1, 0, 0.005],
    ]);
    expect(await beyond({ from: "2024-05-02", thresholds: "46" })).to.deep.equal([[46, 7, 0.003]]);
    expect(await beyond({ metric: "rain_3h", thresholds: "6" })).to.deep.equal([[6, 27, 0.005]]);
    expect(await beyond({ side: "below", thresholds: "2" })).to.deep.equal([[2, 1, 0.005]]);
    expect(await beyond({ thresholds: "-100/47.996/48.01/2000.99/2001" })).to.deep.equal([
      [-100, 46, 0.005],
      [48, 6, 0.005],
      [48.01, 0, 0.005],
      [2000.99, 0, 0.005],
    ]);
  });

  it("has a rate only of 80 % of a year in all calendar months, and no chance of what was not reached", async () => {
    await using year = await askedOf(YEAR.filter((_, hour) => hour < 1440 || hour % 24 < 23));
    const columns = [
      "threshold",
      "events_per_year",
      "return_period",
      "chance_in_a_year",
      "years_known",
      "basis",
    ];
    const rates = (given: Given) =>
      year.rows("return_levels", { metric: "wind_gust", thresholds: "20/99", ...given }, columns);

    expect(await rates({})).to.deep.equal([
      [20, 3.1, 0.322, 95.5, 0.965, "rough: fewer than 10 events"],
      [99, 0, null, null, 0.965, "not reached in the years known"],
    ]);
    const partly = [null, null, null, 0.804, "no rate: readings in 10 of 12 calendar months"];
    expect(await rates({ to: "2023-10-31" })).to.deep.equal([
      [20, ...partly],
      [99, ...partly],
    ]);
  });

  it("has no rows for a metric that is not there", async () => {
    expect(await asked.rows("return_levels", { metric: "location" })).to.deep.equal([]);
  });
});
