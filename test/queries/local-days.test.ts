import { expect } from "chai";
import { askedOf, type Given } from "./asked.ts";
import { type GoldRow, hourly } from "./weather-table.ts";

const COLUMNS = ["local_day", "rain_total", "rain_hours_known", "observations"];

async function days(rows: readonly GoldRow[], given: Given) {
  await using asked = await askedOf(rows);
  return await asked.rows("daily_summary", given, COLUMNS);
}

/** An hour of rain in each of three UTC days, 1 mm. */
const drizzle = (start: string) => hourly(start, 72, () => ({ rain_intensity: 1 }));

describe("daily_summary in local days", () => {
  it("has 23 hours when clocks go forward, 25 when they go back", async () => {
    const spring = { time_zone: "Europe/Berlin", from: "2024-03-30", to: "2024-03-31" };
    const autumn = { time_zone: "Europe/Berlin", from: "2024-10-26", to: "2024-10-27" };

    expect(await days(drizzle("2024-03-29T12:00:00Z"), spring)).to.deep.equal([
      ["2024-03-30", 24, 24, 24],
      ["2024-03-31", 23, 23, 23],
    ]);
    expect(await days(drizzle("2024-10-25T12:00:00Z"), autumn)).to.deep.equal([
      ["2024-10-26", 24, 24, 24],
      ["2024-10-27", 25, 25, 25],
    ]);
  });

  it("goes by the rule of its time: Brazil had summer time until 2019", async () => {
    const day = (date: string) => ({ time_zone: "America/Sao_Paulo", from: date, to: date });

    expect(await days(drizzle("2019-02-15T12:00:00Z"), day("2019-02-16"))).to.deep.equal([
      ["2019-02-16", 25, 25, 25],
    ]);
    expect(await days(drizzle("2024-02-16T12:00:00Z"), day("2024-02-17"))).to.deep.equal([
      ["2024-02-17", 24, 24, 24],
    ]);
  });

  it("is whole at either end, also at half hours and at the edges of the world", async () => {
    for (const time_zone of [
      "Pacific/Kiritimati",
      "Etc/GMT+12",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "UTC",
    ]) {
      const given = { time_zone, from: "2024-06-02", to: "2024-06-02" };
      expect(await days(drizzle("2024-06-01T00:00:00Z"), given), time_zone).to.deep.equal([
        ["2024-06-02", 24, 24, 24],
      ]);
    }
  });

  it("knows at its start how long ago the reading before was", async () => {
    const rows = [
      ...hourly("2024-06-01T23:50:00Z", 1, () => ({ rain_intensity: 60 })),
      ...hourly("2024-06-02T00:10:00Z", 1, () => ({ rain_intensity: 60 })),
    ];

    expect(await days(rows, { time_zone: "UTC", from: "2024-06-02", to: "2024-06-02" })).to.deep.equal([
      ["2024-06-02", 20, 0.3, 1],
    ]);
  });

  it("keeps what is not known apart from no rain", async () => {
    const rows = [
      ...hourly("2024-06-01T12:00:00Z", 2, () => ({ rain_intensity: 0 })),
      ...hourly("2024-06-01T14:00:00Z", 2, () => ({ temperature: 5 })),
      ...hourly("2024-06-02T12:00:00Z", 2, () => ({ temperature: 5 })),
    ];

    expect(await days(rows, { time_zone: "UTC" })).to.deep.equal([
      ["2024-06-01", 0, 1, 4],
      ["2024-06-02", null, 0, 2],
    ]);
  });
});
