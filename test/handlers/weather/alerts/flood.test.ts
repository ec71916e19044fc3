import { expect } from "chai";
import { evaluate } from "../../../../handlers/weather/alerts/evaluate.ts";
import { type AlertState, INITIAL_STATE } from "../../../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import { type Reading, readingsOrSkip } from "../../support/inmet.ts";
import { planOf } from "../../support/plan.ts";
import { type PresetName, presets } from "../../support/presets.ts";

function transitionsOf(readings: readonly Reading[], preset: PresetName): Transition[] {
  const plan = planOf(presets[preset]);
  const announced: Transition[] = [];
  let state: AlertState = INITIAL_STATE;
  for (const { time, values } of readings) {
    const evaluation = evaluate(state, { location: "porto-alegre", time: new Date(time), values }, plan);
    state = evaluation.state;
    announced.push(...evaluation.announced);
  }
  return announced;
}

const inShort = ({ time, hazard, kind, level, value }: Transition) =>
  `${time} ${hazard} ${kind} ${level} ${value}`;

describe("real weather of Porto Alegre", () => {
  it("turns red on 2024-04-30 at 11:00 UTC, by INMET's levels", function () {
    const readings = readingsOrSkip("A801_2024-04-29_05-05_flood.csv", this);
    expect(readings).to.have.lengthOf(168);
    expect(transitionsOf(readings, "inmet").map(inShort)).to.deep.equal([
      "2024-04-30T06:00:00Z rain start orange 72.2",
      "2024-04-30T11:00:00Z rain escalation red 100.2",
      "2024-05-02T05:00:00Z rain escalation red 107.6",
      "2024-05-03T07:00:00Z rain clear red 20.6",
    ]);
  });

  it("returns to red with red's own start, while the alert goes on since it began", function () {
    const readings = readingsOrSkip("A801_2024-04-29_05-05_flood.csv", this);
    const times = transitionsOf(readings, "inmet").map(({ since, levelSince, again }) => [
      since.slice(0, 13),
      levelSince?.slice(0, 13),
      again,
    ]);
    expect(times).to.deep.equal([
      ["2024-04-30T06", undefined, undefined],
      ["2024-04-30T06", "2024-04-30T11", undefined],
      ["2024-04-30T06", "2024-05-02T05", true],
      ["2024-04-30T06", undefined, undefined],
    ]);
  });

  it("has a windstorm in January", function () {
    const readings = readingsOrSkip("A801_2024-01-16_17_windstorm.csv", this);
    expect(transitionsOf(readings, "inmet").map(inShort)).to.deep.equal([
      "2024-01-16T23:00:00Z wind start yellow 41.76",
      "2024-01-17T01:00:00Z wind escalation orange 88.92",
      "2024-01-17T02:00:00Z rain start orange 46.8",
      "2024-01-17T10:00:00Z wind clear orange 24.84",
    ]);
  });

  it("has three blank rows in May that end nothing", function () {
    const readings = readingsOrSkip("A801_2024-05-23_27_second_rain_with_gap.csv", this);
    const blank = readings.filter(({ values }) => Object.values(values).every((value) => value === null));
    expect(blank.map(({ time }) => time.slice(0, 13))).to.deep.equal([
      "2024-05-27T09",
      "2024-05-27T10",
      "2024-05-27T11",
    ]);
    // The same rows moved into the storm, where an alert is on.
    const stormEnd = readings.findIndex(({ time }) => time === "2024-05-23T18:00:00Z");
    const silent = readings.slice(stormEnd + 1).map(({ time }) => ({ time, values: blank[0]?.values ?? {} }));
    const announced = transitionsOf([...readings.slice(0, stormEnd + 1), ...silent], "inmet");
    expect(announced.map(inShort)).to.deep.equal([
      "2024-05-23T15:00:00Z rain start orange 66",
      "2024-05-23T18:00:00Z rain escalation red 108.8",
    ]);
  });
});
