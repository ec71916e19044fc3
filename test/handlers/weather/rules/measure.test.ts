import { expect } from "chai";
import fc from "fast-check";
import type { MeasuredValues } from "../../../../handlers/weather/observation/derived.ts";
import { inUnit } from "../../../../handlers/weather/observation/units.ts";
import type { Series } from "../../../../handlers/weather/observation/window.ts";
import { aggregate, observedSeconds, takeMeasure } from "../../../../handlers/weather/rules/measure.ts";
import {
  type CompiledCondition,
  compileRules,
  type Measure,
} from "../../../../handlers/weather/rules/rules.ts";
import { DAY, HOUR, hourly, seriesOfReadings } from "../../support/series.ts";

function sumOver(seconds: number, series: Series, now: number) {
  return aggregate(series, { seconds, as: "sum" }, now).value;
}

describe("a window", () => {
  it("sums hourly intensities plainly, from the second reading on", () => {
    const series = seriesOfReadings(hourly([7, 1, 2, 3, 4]));
    expect(sumOver(3 * HOUR, series, 4 * HOUR)).to.equal(9);
    expect(sumOver(DAY, series, 4 * HOUR)).to.equal(10);
  });

  it("counts a location's first observation for no time, since none is known to have been observed", () => {
    expect(sumOver(HOUR, seriesOfReadings(hourly([30])), 0)).to.equal(null);
  });

  it("counts an observation after a gap for an hour at most", () => {
    const series = seriesOfReadings([
      [0, 0],
      [5 * HOUR, 12],
    ]);
    expect(sumOver(DAY, series, 5 * HOUR)).to.equal(12);
  });

  it("takes null for unknown, not for zero", () => {
    const readings = hourly([0, 4, null, null, 4]);
    expect(aggregate(seriesOfReadings(readings), { seconds: 4 * HOUR, as: "mean" }, 4 * HOUR)).to.deep.equal({
      value: 4,
      complete: false,
    });
    expect(sumOver(HOUR, seriesOfReadings(readings.slice(0, 4)), 3 * HOUR)).to.equal(null);
  });

  it("counts the part of a stretch that lies inside", () => {
    const series = seriesOfReadings([
      [0, 0],
      [HOUR, 10],
      [HOUR + 900, 4],
    ]);
    expect(sumOver(HOUR, series, HOUR + 900)).to.equal(10 * 0.75 + 4 * 0.25);
  });

  it("knows maximum, minimum and the mean by time", () => {
    const series = seriesOfReadings([
      [0, 9],
      [HOUR, 3],
      [HOUR + 1800, 6],
    ]);
    const window = (as: "max" | "min" | "mean") =>
      aggregate(series, { seconds: 1.5 * HOUR, as }, HOUR + 1800).value;
    expect([window("max"), window("min"), window("mean")]).to.deep.equal([6, 3, 4]);
  });

  it("is complete where all of its time is known", () => {
    const observed = (values: readonly (number | null)[]) =>
      aggregate(
        seriesOfReadings(hourly(values)),
        { seconds: 10 * HOUR, as: "sum" },
        (values.length - 1) * HOUR,
      );
    expect(observed([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])).to.deep.equal({ value: 10, complete: true });
    expect(observed([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, null])).to.deep.equal({ value: 9, complete: false });
  });

  it("is unknown where nothing was ever observed", () => {
    expect(aggregate(undefined, { seconds: HOUR, as: "max" }, 0)).to.deep.equal({
      value: null,
      complete: false,
      doubtful: false,
    });
  });

  it("sums any readings as integrating them one by one does", () => {
    const reading = fc.tuple(
      fc.integer({ min: 1, max: 3 * HOUR }),
      fc.option(fc.integer({ min: 0, max: 50 })),
    );
    const property = fc.property(
      fc.array(reading, { minLength: 2, maxLength: 60 }),
      fc.integer({ min: 60, max: DAY }),
      (steps, window) => {
        let now = 0;
        const readings = steps.map(([step, value]) => {
          now += step;
          return [now, value] as const;
        });
        const expected = readings.slice(1).reduce((total, [seconds, value], index) => {
          const start = Math.max(readings[index]?.[0] ?? 0, seconds - HOUR, now - window);
          return total + ((value ?? 0) * Math.max(0, seconds - start)) / HOUR;
        }, 0);
        expect(sumOver(window, seriesOfReadings(readings), now) ?? 0).to.be.closeTo(expected, 1e-6);
      },
    );
    fc.assert(property);
  });
});

describe("a measure", () => {
  const conditionOf = (measure: Measure) => {
    const [rule] = compileRules([{ hazard: "any", measure, levels: { red: 1 } }]);
    const [condition] = rule?.conditions ?? [];
    if (condition === undefined) throw new Error("a rule has a condition");
    return condition;
  };

  const take = (
    condition: CompiledCondition,
    values: MeasuredValues,
    windows: Readonly<Record<string, Series>> = {},
    seconds = 0,
  ) => takeMeasure(condition, { values, seconds, doubtful: new Set() }, { windows, doubted: {} });

  it("without a window is the observation's own figure, in its unit and free of binary noise", () => {
    const gust = conditionOf({ metric: "windGust", unit: "km/h" });
    expect(take(gust, { windGust: 27.8 })).to.deep.equal({ value: 100.08, complete: true, doubtful: false });
    const unscaled = conditionOf({ metric: "windGust" });
    expect(take(unscaled, { windGust: -0 }).value).to.satisfy((value: number) => Object.is(value, 0));
  });

  it("is unknown for null, for nothing and for what is no number", () => {
    const gust = conditionOf({ metric: "windGust" });
    const unknown = { value: null, complete: false, doubtful: false };
    for (const values of [{}, { windGust: null }, { windGust: Number.NaN }, { windGust: Infinity }]) {
      expect(take(gust, values)).to.deep.equal(unknown);
    }
  });

  it("with a window converts what the window says", () => {
    const mean = conditionOf({ metric: "windSpeed", over: "2h", as: "mean", unit: "km/h" });
    const windows = { windSpeed: seriesOfReadings(hourly([0, 10, 20])) };
    expect(take(mean, { windSpeed: 99 }, windows, 2 * HOUR)).to.deep.equal({
      value: 54,
      complete: true,
      doubtful: false,
    });
  });

  it("stands for the time since the observation before, an hour at most, none for the first", () => {
    expect([observedSeconds(null, 900), observedSeconds(0, 900), observedSeconds(0, 9000)]).to.deep.equal([
      0, 900, 3600,
    ]);
  });

  it("converts speeds only", () => {
    expect([inUnit("windGust", 10, "km/h"), inUnit("temperature", 10, "km/h")]).to.deep.equal([36, 10]);
  });
});
