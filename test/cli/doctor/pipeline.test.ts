import { expect } from "chai";
import { examine } from "../../../cli/doctor/examine.ts";
import { config, healthyObjects, NOW, seen, stack } from "./support.ts";
import { type Symptom, seeEach } from "./symptoms.ts";

const place = "observations porto-alegre";
const since = (silentSince: string) =>
  JSON.stringify({ version: 1, stations: { "porto-alegre": { silentSince } }, pending: [] });

const blind = JSON.stringify({
  ...JSON.parse(seen("2024-05-08T09:55:00Z")),
  unwatched: {
    rainIntensity: { since: Date.parse("2024-05-08T02:00:00Z") / 1000 },
    windGust: { since: null },
  },
});

const symptoms: readonly Symptom[] = [
  [
    // 288 of 500 calls are planned, so half of what is to spare is 106.
    "few calls left",
    { callsLeft: async () => ({ calls: 105, at: NOW }) },
    undefined,
    "calls left",
    "warn",
    /^105 of 500 at 2024-05-08 10:00 UTC; 106 would do$/,
  ],
  [
    "calls that are just enough",
    { callsLeft: async () => ({ calls: 106, at: NOW }) },
    undefined,
    "calls left",
    "ok",
    /^106 of 500/,
  ],
  [
    "no calls left",
    { callsLeft: async () => ({ calls: 0, at: NOW }) },
    undefined,
    "calls left",
    "fail",
    /^0 of 500/,
  ],
  [
    "no poll",
    { callsLeft: async () => undefined },
    undefined,
    "calls left",
    "unknown",
    /not polled in the last 3 hours$/,
  ],
  [
    "a place last seen at the limit of silence",
    {},
    { "state/alerts/porto-alegre.json": seen("2024-05-08T09:30:00Z") },
    place,
    "ok",
    /^last 2024-05-08 09:30 UTC, 30 minutes ago$/,
  ],
  [
    "a place that is silent",
    {},
    { "state/alerts/porto-alegre.json": seen("2024-05-08T09:29:59Z") },
    place,
    "fail",
    /, of 30 minutes allowed by rate\(5 minutes\)$/,
  ],
  [
    "a place that the watch calls silent",
    {},
    { ...healthyObjects, "state/stations.json": since("2024-05-08T08:00:00Z") },
    place,
    "fail",
    /; silent since 2024-05-08 08:00 UTC$/,
  ],
  [
    "a station that reports temperature alone",
    {},
    { "state/alerts/porto-alegre.json": blind },
    "measures porto-alegre",
    "fail",
    /^no good value of rainIntensity \(last 2024-05-08 02:00 UTC\), windGust \(never\)$/,
  ],
  [
    "a station that reports all that rules need",
    {},
    { "state/alerts/porto-alegre.json": seen("2024-05-08T09:55:00Z") },
    "measures porto-alegre",
    "ok",
    /^each has a good value$/,
  ],
  [
    "values that are not good",
    { flaggedValues: async () => ({ erroneous: 2, doubtful: 1 }) },
    undefined,
    "data quality",
    "warn",
    /^2 erroneous values, 1 doubtful value in the last 3 hours$/,
  ],
  ["a place without an observation", {}, {}, place, "warn", /^none so far$/],
  [
    "a state that cannot be read",
    {},
    { "state/alerts/porto-alegre.json": "{" },
    "observations",
    "unknown",
    /^SyntaxError/,
  ],
  [
    "a poll rate over the plan",
    { config: { ...config, poll: "rate(1 minute)" } },
    undefined,
    "quota",
    "warn",
    /1440 calls a day.*500/,
  ],
  [
    "an alarm that rings",
    {
      alarms: async () => [
        {
          name: "alert-errors",
          state: "ALARM",
          description: "Errors of alert. Runbook: docs/runbook.md#errors",
        },
      ],
    },
    undefined,
    "alarm alert-errors",
    "fail",
    /^rings: Errors of alert/,
  ],
  [
    "an alarm that is gone",
    { alarms: async () => [{ name: "alert-errors", state: undefined, description: "" }] },
    undefined,
    "alarm alert-errors",
    "warn",
    /^is gone$/,
  ],
  [
    "a key that is gone",
    { apiKey: async () => ({ parameter: "/x/api-key", isThere: false }) },
    undefined,
    "api key",
    "fail",
    /^\/x\/api-key is gone/,
  ],
];

describe("the doctor's checks of the pipeline", () => {
  seeEach(symptoms);

  it("say where an alarm's runbook is, by its description or else by its name", async () => {
    const rings = (description: string) => async () => [{ name: "quota", state: "ALARM", description }];
    const named = await examine(
      stack({ alarms: rings("x. Runbook: https://example.org/runbook#api-quota") }),
    );
    const unnamed = await examine(stack({ alarms: rings("x") }));

    const todo = (rows: typeof named) => rows.find(({ check }) => check === "alarm quota")?.todo;
    expect([todo(named), todo(unnamed)]).to.deep.equal([
      "https://example.org/runbook#api-quota",
      "docs/runbook.md#quota",
    ]);
  });
});
