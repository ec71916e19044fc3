import { expect } from "chai";
import { askedOf } from "./asked.ts";
import { type GoldRow, hourly } from "./weather-table.ts";

describe("month_comparison", () => {
  const rows: readonly GoldRow[] = [
    // The day before the month, a leap day and a day after the one asked for do not count.
    ...hourly("2024-01-31T00:00:00Z", 24, () => ({ temperature: 99, rain_intensity: 9 })),
    ...hourly("2024-02-01T00:00:00Z", 24, (hour) => ({
      temperature: hour,
      rain_intensity: 1,
      wind_gust: 20,
    })),
    ...hourly("2024-02-03T00:00:00Z", 24, () => ({ temperature: 30 })),
    ...hourly("2024-02-29T00:00:00Z", 24, () => ({ temperature: 50, rain_intensity: 2 })),
    ...hourly("2023-01-31T00:00:00Z", 24, () => ({ temperature: 99, rain_intensity: 9 })),
    ...hourly("2023-02-02T00:00:00Z", 24, () => ({ temperature: 10, rain_intensity: 0.5 })),
    ...hourly("2023-02-28T00:00:00Z", 24, () => ({ temperature: 40, rain_intensity: 0.5 })),
    ...hourly("2023-03-01T00:00:00Z", 24, () => ({ temperature: 90, rain_intensity: 0.5 })),
    ...hourly("2024-02-01T00:00:00Z", 1, () => ({ location: "rio", temperature: 25 })),
    ...hourly("2023-02-01T00:00:00Z", 1, () => ({ location: "gone", temperature: 25 })),
  ];

  it("compares the same days of the month, as far as both are known", async () => {
    await using asked = await askedOf(rows);

    expect(await asked.rows("month_comparison", { to: "2024-02-03" })).to.deep.equal([
      ["poa", "2024-02", 2, 1, 20.8, 10.8, 30, 20, 0, -10, 24, 12, 24, 24, 20, null],
      ["rio", "2024-02", 1, 0, 25, null, 25, null, 25, null, null, null, 0, 0, null, null],
    ]);
  });

  it("takes 28 February for a year before the 29th", async () => {
    await using asked = await askedOf(rows);
    const columns = [
      "days_known",
      "days_known_before",
      "temperature_max",
      "temperature_max_change",
      "rain_total",
    ];

    expect(
      await asked.rows("month_comparison", { location: "poa", to: "2024-02-29" }, columns),
    ).to.deep.equal([[3, 2, 50, 10, 72]]);
  });
});

describe("arrivals", () => {
  /** Observed at noon of minute 0, 1, …; arrived so many seconds later. */
  const arrived = (day: string, delays: readonly (number | null)[]): GoldRow[] =>
    delays.map((delay, minute) => {
      const observed = Date.parse(`${day}T12:00:00Z`) + minute * 60_000;
      const text = (time: number) => new Date(time).toISOString().slice(0, 19).replace("T", " ");
      return {
        observed_at: text(observed),
        arrived_at: delay === null ? null : text(observed + delay * 1000),
      };
    });

  it("has exact percentiles of what is known, and counts what was told again", async () => {
    const many = arrived(
      "2024-05-01",
      Array.from({ length: 20 }, (_, index) => (20 - index) * 600),
    );
    const few = arrived("2024-05-02", [3660, null, 3600]).map((row, index) => ({
      ...row,
      deliveries: index + 1,
    }));
    await using asked = await askedOf([...many, ...few, ...arrived("2024-05-03", [null])]);

    expect(await asked.rows("arrivals")).to.deep.equal([
      ["poa", "2024-05-01", 20, 14, 100, 190, 200, 0, 20],
      ["poa", "2024-05-02", 3, 1, 60, 61, 61, 2, 6],
      ["poa", "2024-05-03", 1, 0, null, null, null, 0, 1],
    ]);
    expect(
      await asked.rows("arrivals", { to: "2024-05-01", late_after_minutes: 190 }, ["late"]),
    ).to.deep.equal([[1]]);
  });
});

describe("fire_weather_hours", () => {
  it("counts hours that are hot, dry and windy at once, of those where all is known", async () => {
    const fire = { temperature: 30, humidity: 30, wind_speed: 8.3 };
    await using asked = await askedOf([
      ...hourly("2024-01-31T21:00:00Z", 1, () => ({})),
      ...hourly("2024-01-31T22:00:00Z", 1, () => fire),
      ...hourly("2024-01-31T22:30:00Z", 1, () => ({ ...fire, humidity: 30.1 })),
      ...hourly("2024-02-01T00:00:00Z", 4, (hour) => ({ ...fire, temperature: hour < 3 ? 40 : 29 })),
      ...hourly("2024-02-01T04:00:00Z", 1, () => ({ ...fire, wind_speed: null, humidity: 1 })),
    ]);

    expect(await asked.rows("fire_weather_hours")).to.deep.equal([
      ["poa", "2024-01", 1, 1.5, 66.7, 30, "2024-01-31 22:00:00.000"],
      ["poa", "2024-02", 3, 4, 75, 30, "2024-02-01 00:00:00.000"],
    ]);
  });
});

describe("records", () => {
  it("names the first of equal extremes, and none of what is not known", async () => {
    await using asked = await askedOf([
      ...hourly("2024-05-01T00:00:00Z", 4, (hour) => ({
        temperature: [5, -3, 5, -3][hour] ?? null,
        rain_intensity: 0,
      })),
      ...hourly("2024-05-01T00:00:00Z", 2, (hour) => ({
        location: "rio",
        wind_gust: hour === 0 ? null : 12,
      })),
    ]);

    expect(await asked.rows("records")).to.deep.equal([
      ["poa", "highest temperature", 5, "°C", "2024-05-01 00:00:00.000"],
      ["poa", "lowest temperature", -3, "°C", "2024-05-01 01:00:00.000"],
      ["rio", "strongest gust", 12, "m/s", "2024-05-01 01:00:00.000"],
    ]);
  });
});
