import { expect } from "chai";
import { type Asked, askedOf, type Given } from "./asked.ts";
import { type AlertRow, hourly } from "./weather-table.ts";

const since = (started_at: string) => (row: AlertRow) => ({ started_at, ...row });

/** An alert that rises and ends, another hazard meanwhile, one that began before, one that goes on, one elsewhere. */
const ALERTS: readonly AlertRow[] = [
  ...[
    {
      occurred_at: "2024-05-01 03:00:00",
      level: "orange",
      metric: "rainIntensity",
      value: 51,
      threshold: 50,
    },
    {
      occurred_at: "2024-05-01 05:00:00",
      kind: "escalation",
      level: "red",
      metric: "rainIntensity",
      aggregate: "sum",
      duration: "3h",
      value: 101,
      threshold: 100,
    },
    { occurred_at: "2024-05-01 06:00:00", kind: "repeat", level: "red", value: 130, threshold: 100 },
    { occurred_at: "2024-05-01 08:00:00", kind: "clear", level: "red", value: 10, threshold: 50 },
  ].map(since("2024-05-01 03:00:00")),
  {
    occurred_at: "2024-05-01 03:00:00",
    hazard: "wind",
    metric: "windGust",
    unit: "km/h",
    value: 43.2,
    threshold: 40,
  },
  { occurred_at: "2024-05-01 04:00:00", kind: "clear", hazard: "wind", started_at: "2024-05-01 03:00:00" },
  { occurred_at: "2024-05-01 01:00:00", kind: "clear", level: "red", started_at: "2024-04-20 12:00:00" },
  { occurred_at: "2024-05-02 00:00:00", metric: "rainIntensity", value: 21, threshold: 20 },
  { occurred_at: "2024-05-01 05:00:00", location: "rio", level: "red", started_at: null },
];

const OBSERVATIONS = [
  ...hourly("2024-05-01T00:00:00Z", 10, (hour) => ({
    temperature: 10 + hour,
    humidity: 90 - hour,
    rain_intensity: hour === 4 ? null : 2,
    wind_gust: hour === 9 ? 40 : hour,
  })),
  ...hourly("2024-05-02T00:00:00Z", 3, () => ({ rain_intensity: 30 })),
];

describe("alert_history", () => {
  let asked: Asked;

  before(async () => {
    asked = await askedOf(OBSERVATIONS, ALERTS);
  });

  after(() => asked[Symbol.asyncDispose]());

  it("tells each alert from its start to its all-clear, with what was observed meanwhile", async () => {
    const at = (hour: string) => `2024-05-01 ${hour}:00:00.000`;
    const began = "2024-04-20 12:00:00.000";
    const gust = ["windGust in km/h", 40, 14.4, at("04"), "observations", 2];

    expect(
      await asked.rows("alert_history", { location: "poa", to: "2024-05-01", from: "2024-05-01" }),
    ).to.deep.equal([
      [
        "poa",
        "rain",
        began,
        at("01"),
        253,
        "red",
        at("01"),
        null,
        null,
        null,
        null,
        null,
        1,
        11,
        89,
        2,
        1,
        1,
      ],
      [
        "poa",
        "rain",
        at("03"),
        at("08"),
        5,
        "red",
        at("05"),
        "rainIntensity sum 3h",
        100,
        6,
        at("03"),
        "observations",
        4,
        18,
        82,
        10,
        5,
        8,
      ],
      ["poa", "wind", at("03"), at("04"), 1, "yellow", at("03"), ...gust, 14, 86, 2, 1, 4],
    ]);
  });

  it("has the highest value of the measure between its notifications, or the lowest where a rule goes below", async () => {
    const at = (hour: number) => `2024-05-01 0${hour}:00:00`;
    const measure = (metric: string, more: Partial<AlertRow> = {}) => [
      { occurred_at: at(2), hazard: metric.toLowerCase(), metric, ...more },
      {
        occurred_at: at(8),
        started_at: at(2),
        hazard: metric.toLowerCase(),
        kind: "clear",
        metric,
        ...more,
        value: 999,
      },
    ];
    await using peaks = await askedOf(
      hourly("2024-05-01T00:00:00Z", 12, (hour) => ({
        humidity: hour === 5 ? 20 : 30,
        wind_gust: hour === 6 ? 25 : 20,
        temperature: hour === 9 ? 99 : hour,
      })),
      [
        ...measure("humidity", { below: "true", value: 29, threshold: 30 }),
        ...measure("windGust", { value: 20, unit: "mph" }),
        ...measure("temperature", { aggregate: "mean", duration: "2h", value: 2 }),
        ...measure("heatIndex", { value: 40 }),
        {
          occurred_at: at(6),
          started_at: at(2),
          hazard: "heatindex",
          kind: "repeat",
          metric: "heatIndex",
          value: 41,
        },
        {
          occurred_at: at(7),
          started_at: at(2),
          hazard: "heatindex",
          kind: "repeat",
          metric: "temperature",
          value: 50,
        },
      ],
    );

    const columns = ["measure", "peak", "peak_at", "peak_from"];
    expect(await peaks.rows("alert_history", {}, columns)).to.deep.equal([
      ["heatIndex", 41, `${at(6)}.000`, "transitions"],
      ["humidity", 20, `${at(5)}.000`, "observations"],
      ["temperature mean 2h", 7.5, `${at(8)}.000`, "observations"],
      ["windGust in mph", 55.923, `${at(6)}.000`, "observations"],
    ]);
    const part = await peaks.rows("alert_history", { from: "2024-05-01", to: "2024-05-01" }, ["peak_from"]);
    expect(part[1]).to.deep.equal(["observations"]);
  });

  it("says when an alert began before the days asked for, and keeps its windows whole across their start", async () => {
    const rows = hourly("2024-04-30T00:00:00Z", 30, (hour) => ({ rain_intensity: hour < 20 ? 5 : 1 }));
    const measure = { metric: "rainIntensity", aggregate: "sum", duration: "24h", threshold: 50 };
    await using long = await askedOf(rows, [
      { occurred_at: "2024-04-30 10:00:00", value: 50, ...measure },
      {
        occurred_at: "2024-05-01 05:00:00",
        started_at: "2024-04-30 10:00:00",
        kind: "clear",
        value: 76,
        ...measure,
      },
      { occurred_at: "2024-05-01 00:00:00", hazard: "flood", value: 99, ...measure },
    ]);
    const ask = (given: Given) =>
      long.rows("alert_history", given, ["hazard", "peak", "peak_at", "peak_from"]);

    // The first reading counts for no time: 19 h of 5 mm, and 4 of 1 mm.
    const flood = ["flood", 100, "2024-05-01 00:00:00.000", "observations"];
    expect(await ask({})).to.deep.equal([["rain", 100, "2024-05-01 00:00:00.000", "observations"], flood]);
    expect(await ask({ from: "2024-05-01" })).to.deep.equal([
      ["rain", 100, "2024-05-01 00:00:00.000", "part of the observations"],
      flood,
    ]);
  });

  it("lets an open one last until what is known last", async () => {
    const columns = [
      "started_at",
      "cleared_at",
      "duration_hours",
      "rain_total",
      "rain_hours_known",
      "gust_max",
    ];

    expect(await asked.rows("alert_history", { from: "2024-05-02" }, columns)).to.deep.equal([
      ["2024-05-02 00:00:00.000", null, 2, 90, 3, null],
    ]);
  });

  it("keeps one whose place told nothing", async () => {
    const columns = ["started_at", "duration_hours", "peak_level", "rain_total", "rain_hours_known"];

    expect(await asked.rows("alert_history", { location: "rio" }, columns)).to.deep.equal([
      ["2024-05-01 05:00:00.000", null, "red", null, 0],
    ]);
  });
});
