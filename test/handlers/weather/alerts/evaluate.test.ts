import { expect } from "chai";
import fc from "fast-check";
import { evaluate, type Observation } from "../../../../handlers/weather/alerts/evaluate.ts";
import { parseState, serializeState } from "../../../../handlers/weather/alerts/state.ts";
import { EMPTY_SERIES, segmentsOf } from "../../../../handlers/weather/observation/window.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, GUST_RULE, gusts as gustsOf, inShort, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";
import { presets } from "../../support/presets.ts";

const run = (observations: readonly Observation[], rules: readonly Rule[]) =>
  runPlan(observations, planOf(rules));
const announced = (observations: readonly Observation[], rules: readonly Rule[]) =>
  announcedBy(planOf(rules), observations);
const gusts = (...values: (number | null)[]) => gustsOf(values);
const gust: Rule = GUST_RULE;

describe("alerts", () => {
  it("start, rise and end, one message each", () => {
    const observations = gusts(5, 12, 14, 25, 35, 33, 5, 5, 5);
    expect(announced(observations, [gust])).to.deep.equal([
      "1 start yellow",
      "3 escalation orange",
      "4 escalation red",
      "8 clear red",
    ]);
  });

  it("quote the value, the threshold and since when", () => {
    const { announced } = run(gusts(12, 5, 5, 5), [gust]);
    expect(announced[0]).to.deep.equal({
      id: "porto-alegre/wind/2024-04-30T00:00:00Z/start",
      time: "2024-04-30T00:00:00Z",
      location: "porto-alegre",
      hazard: "wind",
      level: "yellow",
      kind: "start",
      value: 12,
      threshold: 10,
      measure: { metric: "windGust" },
      below: false,
      since: "2024-04-30T00:00:00Z",
    });
    expect(announced[1]).to.include({
      kind: "clear",
      value: 5,
      threshold: 10,
      since: "2024-04-30T00:00:00Z",
    });
  });

  it("fall in silence, and rise again as an escalation", () => {
    const observations = gusts(35, 12, 12, 12, 35);
    expect(announced(observations, [gust])).to.deep.equal(["0 start red", "4 escalation red"]);
  });

  it("end for everybody whom they reached: the all-clear has the highest level", () => {
    const observations = gusts(35, 12, 12, 12, 5, 5, 5);
    expect(announced(observations, [gust])).to.deep.equal(["0 start red", "6 clear red"]);
  });

  it("end at their highest level also where they fell and rose again", () => {
    const observations = gusts(35, 12, 12, 12, 25, 5, 5, 5);
    expect(announced(observations, [gust])).to.deep.equal([
      "0 start red",
      "4 escalation orange",
      "7 clear red",
    ]);
  });

  it("hold while the value is between the threshold and the clear bound", () => {
    expect(announced(gusts(12, 9, 9.5, 9, 9.5, 9), [gust])).to.deep.equal(["0 start yellow"]);
  });

  it("begin to wait for their end anew after a value between the threshold and the clear bound", () => {
    expect(announced(gusts(12, 5, 5, 9.5, 5, 5, 5), [gust])).to.deep.equal([
      "0 start yellow",
      "6 clear yellow",
    ]);
  });

  it("start by part of a window only where the rest can take nothing back", () => {
    const by = (as: "max" | "min" | "mean", below: boolean) => {
      const measure = { metric: "windGust", over: "3h", as } as const;
      return announced(gusts(20, 20), [{ ...gust, measure, levels: { red: 20.5 - (below ? 0 : 1) }, below }]);
    };
    expect([by("max", false), by("min", true)]).to.deep.equal([["0 start red"], ["0 start red"]]);
    for (const unproven of [by("mean", false), by("mean", true), by("min", false), by("max", true)]) {
      expect(unproven).to.deep.equal([]);
    }
  });

  it("do not end on the unknown", () => {
    expect(announced(gusts(12, null, null, null, null), [gust])).to.deep.equal(["0 start yellow"]);
    expect(announced(gusts(12, 5, null, null, null), [gust])).to.deep.equal(["0 start yellow"]);
  });

  it("count a gap as an hour of clear at most", () => {
    const observations = [
      at(0, { windGust: 12 }),
      at(1, { windGust: 5 }),
      at(9, { windGust: 5 }),
      at(10, { windGust: 5 }),
    ];
    expect(announced(observations, [gust])).to.deep.equal(["0 start yellow", "10 clear yellow"]);
  });

  it("wait for `for`, in observed time, and start over when it is not crossed", () => {
    const rule: Rule = { ...gust, levels: { red: 30 }, for: "2h" };
    expect(announced(gusts(35, 35, 5, 35, 35, 35), [rule])).to.deep.equal(["5 start red"]);
    expect(announced(gusts(35, null, 35, 35), [rule])).to.deep.equal(["3 start red"]);
  });

  it("watch a value from above with `below`", () => {
    const rule: Rule = {
      ...gust,
      hazard: "dry-air",
      measure: { metric: "humidity" },
      levels: { yellow: 30, red: 12 },
      below: true,
    };
    const humidity = [31, 30, 29, 11, 32, 34, 34, 34].map((value, hour) => at(hour, { humidity: value }));
    expect(announced(humidity, [rule])).to.deep.equal(["2 start yellow", "3 escalation red", "7 clear red"]);
  });

  it("take the highest level of a hazard's rules", () => {
    const sustained: Rule = { ...gust, measure: { metric: "windSpeed" }, levels: { red: 20 } };
    const observations = [at(0, { windGust: 12, windSpeed: 5 }), at(1, { windGust: 12, windSpeed: 21 })];
    expect(announced(observations, [gust, sustained])).to.deep.equal(["0 start yellow", "1 escalation red"]);
  });

  it("compare in the rule's unit", () => {
    const rule: Rule = { ...gust, measure: { metric: "windGust", unit: "km/h" }, levels: { red: 100 } };
    const { announced } = run(gusts(27.7, 27.8), [rule]);
    expect(announced.map(({ time, value }) => [time, value])).to.deep.equal([
      ["2024-04-30T01:00:00Z", 100.08],
    ]);
  });

  it("are not ended by a sum that shrinks only because nothing was observed", () => {
    const rule: Rule = {
      ...gust,
      hazard: "rain",
      measure: { metric: "rainIntensity", over: "6h", as: "sum" },
      levels: { red: 10 },
    };
    const rain = [0, 12, null, null, null, null, null, 0, 0, 0, 0, 0, 0, 0, 0].map((value, hour) =>
      at(hour, { rainIntensity: value }),
    );
    expect(announced(rain, [rule])).to.deep.equal(["1 start red", "14 clear red"]);
  });

  it("of a dropped rule end once the hazard's other rules were clear for as long as their hold", () => {
    const sustained: Rule = { ...gust, measure: { metric: "windSpeed" }, levels: { red: 20 } };
    const { state } = run([at(0, { windGust: 35, windSpeed: 5 })], [gust, sustained]);
    const compiled = planOf([sustained]);
    const unknown = evaluate(state, at(1, { windSpeed: null }), compiled);
    expect(unknown.announced).to.deep.equal([]);
    const known = [2, 3, 4, 5].map((hour) => at(hour, { windSpeed: 5 }));
    const { announced } = runPlan(known, compiled, unknown.state);
    expect(announced.map(inShort)).to.deep.equal(["4 clear red"]);
    expect(announced[0]).to.include({ value: 5 });
  });

  it("have a state that survives storage, holds the longest window and no more", () => {
    const observations = Array.from({ length: 60 }, (_, hour) =>
      at(hour, { rainIntensity: hour % 2, temperature: 20 }),
    );
    const { state } = run(observations, presets.inmet);
    const stored = serializeState(state);
    const restored = parseState(stored);
    expect(serializeState(restored)).to.equal(stored);
    const { windows, ...rest } = restored;
    const { windows: _, ...others } = state;
    expect(rest).to.deep.equal(others);
    expect(Object.keys(windows)).to.deep.equal(["rainIntensity"]);
    const stretches = segmentsOf(state.windows.rainIntensity ?? EMPTY_SERIES);
    expect(stretches).to.have.lengthOf(24);
    expect(segmentsOf(windows.rainIntensity ?? EMPTY_SERIES)).to.deep.equal(stretches);
    expect(state.latest).to.deep.equal({
      time: "2024-05-02T11:00:00Z",
      values: { rainIntensity: 1, temperature: 20 },
    });
  });
});

describe("duplicates and late observations", () => {
  const values = fc.record({
    rainIntensity: fc.option(fc.integer({ min: 0, max: 80 })),
    windGust: fc.option(fc.integer({ min: 0, max: 40 })),
    humidity: fc.option(fc.integer({ min: 0, max: 100 })),
  });
  const series = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 200 }), values), { maxLength: 60 })
    .map((steps) => {
      let minutes = 0;
      return steps.map(([step, figures]) => {
        minutes += step;
        return at(minutes / 60, figures);
      });
    });

  it("leave the very same state", () => {
    const compiled = planOf(presets.inmet);
    const { state } = run(gusts(5, 20), presets.inmet);
    expect(evaluate(state, at(1, { windGust: 40 }), compiled).state).to.equal(state);
    expect(evaluate(state, at(0.5, { windGust: 40 }), compiled)).to.deep.equal({
      state,
      announced: [],
      digestOnly: [],
    });
  });

  it("change nothing, wherever a part of the stream is delivered again", () => {
    const property = fc.property(series, fc.infiniteStream(fc.nat()), (observations, numbers) => {
      const random = () => numbers.next().value ?? 0;
      const repeated = observations.flatMap((observation, index) => {
        const from = random() % (index + 1);
        const again = random() % 3 === 0 ? observations.slice(from, index + 1) : [];
        return [observation, ...again.toSorted(() => (random() % 2 === 0 ? 1 : -1))];
      });
      expect(run(repeated, presets.inmet)).to.deep.equal(run(observations, presets.inmet));
    });
    fc.assert(property);
  });

  it("never make an alert end or rise that has not started", () => {
    const property = fc.property(series, (observations) => {
      const active = new Set<string>();
      for (const { hazard, kind } of run(observations, presets.inmet).announced) {
        expect(active.has(hazard)).to.equal(kind !== "start");
        if (kind === "clear") active.delete(hazard);
        else active.add(hazard);
      }
    });
    fc.assert(property);
  });
});
