import { expect } from "chai";
import { type Asked, askedOf } from "./asked.ts";
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
    { occurred_at: "2024-05-01 05:00:00", kind: "escalation", level: "red", value: 101, threshold: 100 },
    { occurred_at: "2024-05-01 06:00:00", kind: "repeat", level: "red", value: 130, threshold: 100 },
    { occurred_at: "2024-05-01 08:00:00", kind: "clear", level: "red", value: 10, threshold: 50 },
  ].map(since("2024-05-01 03:00:00")),
  { occurred_at: "2024-05-01 03:00:00", hazard: "wind", metric: "windGust", value: 12, threshold: 11.1 },
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
    const rain = ["rainIntensity", 101, 100, 4];

    expect(await asked.rows("alert_history", { location: "poa", to: "2024-05-01" })).to.deep.equal([
      [
        "poa",
        "rain",
        "2024-04-20 12:00:00.000",
        at("01"),
        253,
        "red",
        at("01"),
        null,
        null,
        null,
        1,
        11,
        89,
        4,
        2,
        1,
      ],
      ["poa", "rain", at("03"), at("08"), 5, "red", at("05"), null, ...rain.slice(1), 18, 82, 10, 5, 8],
      ["poa", "wind", at("03"), at("04"), 1, "yellow", at("03"), "windGust", 12, 11.1, 2, 14, 86, 2, 1, 4],
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
