import { expect } from "chai";
import { hazardWatches } from "../../../../handlers/weather/alerts/watching.ts";
import { compilePlan } from "../../../../handlers/weather/rules/plan.ts";
import { at, runPlan, START } from "../../support/alert-run.ts";
import { presets } from "../../support/presets.ts";

const plan = compilePlan({ rules: presets.inmet, timeZone: "UTC", silences: [], yellow: "message" });
const good = { rainIntensity: 0, windGust: 5, humidity: 60, temperature: 20 };
const watchesAfter = (...readings: readonly Parameters<typeof at>[1][]) =>
  hazardWatches(
    plan.hazards,
    runPlan(
      readings.map((values, hour) => at(hour, values)),
      plan,
    ).state,
  );

describe("how well hazards are watched", () => {
  it("is not at all before the first observation", () => {
    expect(hazardWatches(plan.hazards, undefined)).to.deep.equal([
      { hazard: "rain", kind: "unwatched", since: null },
      { hazard: "wind", kind: "unwatched", since: null },
      { hazard: "dry-air", kind: "unwatched", since: null },
    ]);
  });

  it("is in part until a window is known as a whole", () => {
    expect(watchesAfter(good, good, good)).to.deep.equal([
      { hazard: "rain", kind: "partly", since: START / 1000 },
      { hazard: "wind", kind: "watched", since: null },
      { hazard: "dry-air", kind: "watched", since: null },
    ]);
    expect(watchesAfter(...Array<typeof good>(25).fill(good)).map(({ kind }) => kind)).to.include("watched");
  });

  it("ends with the last good value of a measure, and begins again with the next", () => {
    const blind = { temperature: 20 };
    expect(watchesAfter(good, good, blind, blind)).to.deep.equal([
      { hazard: "rain", kind: "unwatched", since: START / 1000 + 3600 },
      { hazard: "wind", kind: "unwatched", since: START / 1000 + 3600 },
      { hazard: "dry-air", kind: "unwatched", since: START / 1000 + 3600 },
    ]);
    expect(watchesAfter(good, blind, good)).to.deep.equal([
      { hazard: "rain", kind: "partly", since: START / 1000 + 3600 },
      { hazard: "wind", kind: "partly", since: START / 1000 + 3600 },
      { hazard: "dry-air", kind: "partly", since: START / 1000 + 3600 },
    ]);
  });

  it("has no time for a measure that was never good", () => {
    expect(watchesAfter({ temperature: 19 }, { temperature: 19 })[0]).to.deep.equal({
      hazard: "rain",
      kind: "unwatched",
      since: null,
    });
  });
});
