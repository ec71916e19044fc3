import { expect } from "chai";
import fc from "fast-check";
import type { Values } from "../../../../handlers/weather/observation/fields.ts";
import { type Hour, recordHour } from "../../../../handlers/weather/observation/history.ts";
import { toMillionths } from "../../../../handlers/weather/observation/window.ts";
import { observedSeconds } from "../../../../handlers/weather/rules/measure.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { at, GUST_RULE, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";
import { HOUR, type PlainReading } from "../../support/series.ts";

function hoursOf(readings: readonly PlainReading[], figure: "sum" | "max" | "min"): readonly Hour[] {
  let hours: readonly Hour[] = [];
  let last: number | null = null;
  for (const [seconds, value] of readings) {
    const observed = { seconds, observedSeconds: observedSeconds(last, seconds) };
    hours = recordHour(hours, figure, observed, toMillionths(value));
    last = seconds;
  }
  return hours;
}

describe("the hours of a metric", () => {
  it("end with their full hour, inclusive", () => {
    const readings: PlainReading[] = [
      [HOUR, 5],
      [HOUR + 1, 7],
      [2 * HOUR, 6],
    ];
    expect(hoursOf(readings, "max")).to.deep.equal([
      [0, 5],
      [HOUR, 7],
    ]);
    expect(hoursOf(readings, "min")).to.deep.equal([
      [0, 5],
      [HOUR, 6],
    ]);
  });

  it("share the rain of a reading that stands for parts of two", () => {
    const readings: PlainReading[] = [
      [HOUR / 2, 0],
      [HOUR + HOUR / 4, 8],
    ];
    expect(hoursOf(readings, "sum")).to.deep.equal([
      [0, 4],
      [HOUR, 2],
    ]);
  });

  it("are left out where nothing is known, and are zero where it is known to be dry", () => {
    const readings: PlainReading[] = [
      [0, 0],
      [HOUR, 0],
      [2 * HOUR, null],
      [3 * HOUR, 4],
    ];
    expect(hoursOf(readings, "sum")).to.deep.equal([
      [0, 0],
      [2 * HOUR, 4],
    ]);
  });

  it("hold all the rain of a day, exactly", () => {
    const anyRain = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 2 * HOUR }), fc.integer({ min: 0, max: 99 })),
      {
        maxLength: 40,
      },
    );
    const property = fc.property(anyRain, (steps) => {
      let now = 12 * HOUR;
      const readings = steps.map(([step, value]): PlainReading => {
        now += step;
        return [now, value / 10];
      });
      const recent = readings.filter(([seconds]) => seconds <= 30 * HOUR);
      const expected = recent.slice(1).reduce((sum, [seconds, value], index) => {
        const observed = observedSeconds(recent[index]?.[0] ?? 0, seconds);
        return sum + (value ?? 0) * observed;
      }, 0);
      const total = hoursOf(recent, "sum").reduce((sum, [, millimetres]) => sum + millimetres, 0);
      expect(total).to.be.closeTo(expected / HOUR, 1e-9);
    });
    fc.assert(property);
  });

  it("are the very same when nothing changed, and never changed themselves", () => {
    const hours = hoursOf([[1800, 5]], "max");
    const later = { seconds: 1860, observedSeconds: 60 };
    expect(recordHour(hours, "max", later, 4_000_000)).to.equal(hours);
    expect(recordHour(hours, "max", later, null)).to.equal(hours);
    expect(recordHour(hours, "min", later, 4_000_000)).to.deep.equal([[0, 4]]);
    expect(hours).to.deep.equal([[0, 5]]);
  });
});

describe("what is kept of a metric", () => {
  const figuresOf = (rules: readonly Rule[], values: readonly Values[]) => {
    const { history } = runPlan(
      values.map((value, index) => at((index + 1) / 60, value)),
      planOf(rules),
    ).state;
    return Object.fromEntries(Object.entries(history).map(([metric, hours]) => [metric, hours[0]?.[1]]));
  };
  const low: Rule = { ...GUST_RULE, hazard: "lull", levels: { red: 1 }, below: true };
  const gusts = [7, 3, 9].map((windGust) => ({ windGust, temperature: 20 }));

  it("is the highest value, the lowest where every rule is about what lies below", () => {
    expect(figuresOf([GUST_RULE], gusts)).to.deep.equal({ windGust: 9 });
    expect(figuresOf([low], gusts)).to.deep.equal({ windGust: 3 });
    expect(figuresOf([low, GUST_RULE], gusts)).to.deep.equal({ windGust: 9 });
  });

  it("is the amount of an intensity, also where a rule is about what lies below", () => {
    const drought: Rule = { ...low, measure: { metric: "rainIntensity" } };
    const rain = [60, 60, 0].map((rainIntensity) => ({ rainIntensity }));
    expect(figuresOf([drought], rain)).to.deep.equal({ rainIntensity: 1 });
  });
});
