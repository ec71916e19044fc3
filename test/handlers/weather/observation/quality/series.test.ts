import { expect } from "chai";
import type { Observation } from "../../../../../handlers/weather/alerts/evaluate.ts";
import type { Field, Values } from "../../../../../handlers/weather/observation/fields.ts";
import { assess, type Flags } from "../../../../../handlers/weather/observation/quality/assess.ts";
import {
  checkSeries,
  type RecentValues,
} from "../../../../../handlers/weather/observation/quality/series.ts";

const HOUR = 3600;

/** Flags of hourly readings of one measure; null: not observed. */
function flagsOf(
  field: Field,
  values: readonly (number | null)[],
  stepSeconds = HOUR,
): (string | undefined)[] {
  let recent: RecentValues = {};
  return values.map((value, index) => {
    const reading: { values: Values; flags: Flags } = assess({ [field]: value });
    const observed = { seconds: index * stepSeconds, observedSeconds: index === 0 ? 0 : stepSeconds };
    const step = checkSeries(recent, [field], reading, observed);
    recent = step.recent;
    return step.flags[field];
  });
}

describe("the quality of a reading beside those before it", () => {
  it("doubts a lone spike, and nothing after it", () => {
    expect(flagsOf("temperature", [20, 20.5, 45, 20.4, 21])).to.deep.equal([
      undefined,
      undefined,
      "doubtful:step",
      undefined,
      undefined,
    ]);
  });

  it("doubts a step until the next reading confirms it, as in Spearfish in 1943", () => {
    expect(flagsOf("temperature", [-20, 7.2, 8, 7])).to.deep.equal([
      undefined,
      "doubtful:step",
      undefined,
      undefined,
    ]);
  });

  it("compares across a reading without the measure, and not across more than two hours", () => {
    expect(flagsOf("temperature", [20, null, 62])).to.deep.equal([undefined, undefined, "doubtful:record"]);
    expect(flagsOf("temperature", [0, null, 45])).to.deep.equal([undefined, undefined, "doubtful:step"]);
    expect(flagsOf("temperature", [0, null, null, 45])).to.deep.equal(Array(4).fill(undefined));
  });

  it("doubts a value that has not changed for a day", () => {
    const flags = flagsOf("temperature", Array(26).fill(19));
    expect(flags.slice(0, 24)).to.deep.equal(Array(24).fill(undefined));
    expect(flags.slice(24)).to.deep.equal(["doubtful:stuck", "doubtful:stuck"]);
    expect(flagsOf("windGust", Array(26).fill(0)).at(-1)).to.equal("doubtful:stuck");
  });

  it("does not doubt dry days and saturated air", () => {
    expect(flagsOf("rainIntensity", Array(30).fill(0)).at(-1)).to.equal(undefined);
    expect(flagsOf("humidity", Array(30).fill(100)).at(-1)).to.equal(undefined);
    expect(flagsOf("rainIntensity", Array(30).fill(3)).at(-1)).to.equal("doubtful:stuck");
  });

  it("begins to count again after an outage", () => {
    const values = [...Array<number>(20).fill(19), null, null, null, ...Array<number>(20).fill(19)];
    expect(flagsOf("temperature", values)).to.deep.equal(Array(43).fill(undefined));
  });

  it("doubts an amount of rain that no hour ever had, and takes the same intensity for a minute", () => {
    expect(flagsOf("rainIntensity", [0, 700]).at(-1)).to.equal("doubtful:amount");
    expect(flagsOf("rainIntensity", [0, 1872], 60).at(-1)).to.equal(undefined);
  });

  it("remembers nothing of measures that no rule needs", () => {
    const before: RecentValues = {};
    const observation: Pick<Observation, "values"> = { values: { temperature: 20 } };
    const step = checkSeries(before, [], { ...observation, flags: {} }, { seconds: 0, observedSeconds: 0 });
    expect(step.recent).to.equal(before);
  });
});
