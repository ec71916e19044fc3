import { expect } from "chai";
import type { Cell } from "../../local/athena/result.ts";
import { type Asked, askedOf, type Given } from "./asked.ts";
import { type GoldRow, hourly } from "./weather-table.ts";

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
  let asked: Asked;

  before(async () => {
    asked = await askedOf(ROWS);
  });

  after(() => asked[Symbol.asyncDispose]());

  const rows = (name: string, given?: Given) => asked.rows(name, given);
  const cells = (name: string, columns: readonly string[], given?: Given): Promise<Cell[][]> =>
    asked.rows(name, given, columns);

  it("latest_by_place", async () => {
    const found = await cells("latest_by_place", ["location", "observed_at", "temperature", "delay_minutes"]);
    expect(found).to.deep.equal([
      ["poa", "2024-05-03 09:30:00.000", 20, 7],
      ["rio", "2024-04-30 14:00:00.000", null, 0],
    ]);
  });

  it("daily_summary, a reading at midnight belonging to the day that ends", async () => {
    expect(await rows("daily_summary", { time_zone: "UTC", location: "poa" })).to.deep.equal([
      ["poa", "2024-04-29", 10, 10, 10, 90, null, 0, 0, 1],
      ["poa", "2024-04-30", 10.5, 16.6, 30, 90, 32, 12, 23, 24],
      ["poa", "2024-05-01", 30, 30, 30, null, 16, 2, 12, 5],
      ["poa", "2024-05-03", 20, 20, 20, null, null, 0, null, 1],
    ]);
  });

  it("rain_running_sums, windows open at their start", async () => {
    const found = await cells("rain_running_sums", [
      "observed_at",
      "rain",
      "rain_3h",
      "rain_24h",
      "hours_known_24h",
    ]);
    expect(found[11]).to.deep.equal(["2024-04-30 11:00:00.000", 2, 6, 22, 11]);
    expect(found[12]).to.deep.equal(["2024-05-01 00:00:00.000", 10, 10, 32, 12]);
    expect(found[13]).to.deep.equal(["2024-05-01 01:00:00.000", 10, 20, 40, 12]);
    expect(found[14]).to.deep.equal(["2024-05-01 05:00:00.000", 6, 6, 38, 9]);
  });

  it("rain_running_sums know the days before the first one", async () => {
    const [first] = await cells("rain_running_sums", ["observed_at", "rain_24h", "hours_known_24h"], {
      from: "2024-05-01",
    });
    expect(first).to.deep.equal(["2024-05-01 00:00:00.000", 32, 12]);
  });

  it("worst_rain_by_month", async () => {
    expect(await rows("worst_rain_by_month")).to.deep.equal([
      ["poa", "2024-04", 22, 11, "2024-04-30 11:00:00.000"],
      ["poa", "2024-05", 40, 12, "2024-05-01 01:00:00.000"],
    ]);
  });

  it("gust_ranking", async () => {
    const found = await cells("gust_ranking", ["location", "position", "wind_gust_kmh"]);
    expect(found).to.have.length(13);
    expect(found[0]).to.deep.equal(["poa", 1, 82.8]);
    expect(found[12]).to.deep.equal(["rio", 3, 72]);
  });

  it("completeness lists also a day without a reading, and the hours of each measure", async () => {
    expect(await rows("completeness", { location: "poa" })).to.deep.equal([
      ["poa", "2024-04-30", 24, 0, 12, 24, 24, 24, 0],
      ["poa", "2024-05-01", 3, 21, 3, 2, 3, 0, 0],
      ["poa", "2024-05-02", 0, 24, 0, 0, 0, 0, 0],
      ["poa", "2024-05-03", 1, 23, 0, 0, 1, 0, 0],
    ]);
  });

  describe("of flagged values", () => {
    const FLAGS = "rain_intensity=999.9 erroneous:fill; wind_gust=39.7 doubtful:gust";
    let flagged: Asked;

    before(async () => {
      flagged = await askedOf([
        ...hourly("2024-04-30T00:00:00Z", 2, (hour) => ({
          temperature: 20,
          ...(hour === 1 && { flags: FLAGS }),
        })),
        ...hourly("2024-05-01T00:00:00Z", 1, () => ({ flags: "weather_code=string erroneous:unreadable" })),
      ]);
    });

    after(() => flagged[Symbol.asyncDispose]());

    it("completeness counts them, also on a day without a good one", async () => {
      expect(await flagged.rows("completeness")).to.deep.equal([
        ["poa", "2024-04-30", 2, 22, 0, 0, 2, 0, 2],
        ["poa", "2024-05-01", 0, 24, 0, 0, 0, 0, 1],
      ]);
    });

    it("flagged_values lists each with its reason", async () => {
      expect(await flagged.rows("flagged_values")).to.deep.equal([
        ["poa", "2024-04-30 01:00:00.000", "rain_intensity", "999.9", "erroneous", "fill"],
        ["poa", "2024-04-30 01:00:00.000", "wind_gust", "39.7", "doubtful", "gust"],
        ["poa", "2024-05-01 00:00:00.000", "weather_code", "string", "erroneous", "unreadable"],
      ]);
    });
  });

  it("gaps", async () => {
    expect(await rows("gaps")).to.deep.equal([
      ["poa", "2024-05-01 01:00:00.000", "2024-05-01 05:00:00.000", 240],
      ["poa", "2024-05-01 05:00:00.000", "2024-05-03 09:30:00.000", 3150],
    ]);
    expect(await rows("gaps", { longer_than_minutes: 240 })).to.have.length(1);
  });

  it("hours_of_strong_wind", async () => {
    expect(await rows("hours_of_strong_wind", { gust_at_least: 12 })).to.deep.equal([
      ["poa", "2024-04", 12, 24, 50],
      ["poa", "2024-05", 2, 2, 100],
      ["rio", "2024-04", 3, 3, 100],
    ]);
  });

  it("degree_days", async () => {
    expect(await rows("degree_days")).to.deep.equal([
      ["poa", "2024-04", 2.3, 0, 1],
      ["poa", "2024-05", 0, 6, 2],
    ]);
    // The mean of the day is 15.75 °C.
    expect(await rows("degree_days", { heat_below: 18.19, cool_above: -40, to: "2024-04-30" })).to.deep.equal(
      [["poa", "2024-04", 2.4, 55.8, 1]],
    );
  });

  it("daily_cycle goes by the local hour", async () => {
    const found = await cells("daily_cycle", ["local_hour", "temperature_mean"], {
      location: "poa",
      to: "2024-04-30",
    });
    expect(found[0]).to.deep.equal([0, 11.5]);
    expect(found[21]).to.deep.equal([21, 10]);
    const inIndia = await cells("daily_cycle", ["local_hour", "temperature_mean"], {
      location: "poa",
      to: "2024-04-30",
      time_zone: "Asia/Kolkata",
    });
    expect(inIndia[5]).to.deep.equal([5, 10]);
  });

  it("wind_rose", async () => {
    expect(await rows("wind_rose")).to.deep.equal([
      ["poa", "N", 75, 2, 17],
      ["poa", "E", 25, 2, 23],
      ["rio", "S", 100, 5, 20],
    ]);
  });

  it("wind_rose has sixteen sectors, each with its lower edge", async () => {
    const wind = (wind_direction: number) => ({ wind_direction, wind_speed: 1 });
    const edges = [348.75, 11.24, 11.25, 33.75, 258.75, 348.74, 360];
    await using rose = await askedOf(
      edges.flatMap((edge, index) => hourly(`2024-04-30T0${index}:00:00Z`, 1, () => wind(edge))),
    );
    expect(await rose.rows("wind_rose", {}, ["sector", "share"])).to.deep.equal([
      ["N", 42.9],
      ["NE", 14.3],
      ["NNE", 14.3],
      ["NNW", 14.3],
      ["W", 14.3],
    ]);
  });

  it("take text for what it is", async () => {
    expect(await rows("gaps", { location: "' OR 1 = 1 --" })).to.deep.equal([]);
  });
});
