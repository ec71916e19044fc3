import { expect } from "chai";
import { fittingIssues } from "../../../../config/schema-walk.ts";
import { DurationError, durationSeconds } from "../../../../handlers/weather/observation/time.ts";
import { compileRules, type Rule, RuleError, ruleSchema } from "../../../../handlers/weather/rules/rules.ts";

const rain: Rule = {
  hazard: "rain",
  measure: { metric: "rainIntensity", over: "24h", as: "sum" },
  levels: { orange: 50, red: 100 },
};

describe("rules", () => {
  const refused: [string, unknown, RegExp][] = [
    ["an unknown metric", { ...rain, measure: { metric: "rain" } }, /one of altimeterSetting, .*windGust/],
    [
      "a window without a way to sum up",
      { ...rain, measure: { metric: "rainIntensity", over: "1h" } },
      /go together/,
    ],
    [
      "a sum of what is no intensity",
      { ...rain, measure: { metric: "humidity", over: "1h", as: "sum" } },
      /mm\/h/,
    ],
    [
      "a speed unit for rain",
      { ...rain, measure: { metric: "rainIntensity", unit: "mph" } },
      /windSpeed and windGust/,
    ],
    [
      "a window of a month",
      { ...rain, measure: { metric: "rainIntensity", over: "30d", as: "sum" } },
      /10m to 72h/,
    ],
    [
      "a window of a minute",
      { ...rain, measure: { metric: "rainIntensity", over: "1m", as: "sum" } },
      /10m to 72h/,
    ],
    ["a name that every object has", { ...rain, hazard: "constructor" }, /lower-case letters/],
    ["no level", { ...rain, levels: {} }, /at least one/],
    ["a duration in words", { ...rain, for: "an hour" }, /10m/],
  ];
  for (const [name, rule, message] of refused) {
    it(`are refused with ${name}`, () => {
      const messages =
        ruleSchema
          .safeParse(rule)
          .error?.issues.flatMap(fittingIssues)
          .map((issue) => issue.message) ?? [];
      expect(messages.join("; ")).to.match(message);
    });
  }

  it("must differ in hazard or measure", () => {
    expect(() => compileRules([rain, rain])).to.throw(
      RuleError,
      'two rules are "rain:rainIntensity:sum:24h"',
    );
  });

  it("must have levels in order", () => {
    expect(() => compileRules([{ ...rain, levels: { orange: 100, red: 50 } }])).to.throw(
      RuleError,
      "red 50 must be above orange 100",
    );
  });

  it("clear on the safe side of the threshold, also below zero", () => {
    const clear = { after: "1h", ratio: 0.9 };
    const frost: Rule = {
      hazard: "frost",
      measure: { metric: "temperature" },
      levels: { red: -10 },
      below: true,
      clear,
    };
    const bounds = compileRules([{ ...rain, clear }, frost]).flatMap(({ conditions }) =>
      conditions.flatMap(({ thresholds }) => thresholds.flatMap((bounds) => bounds?.clearBound ?? [])),
    );
    expect(bounds).to.deep.equal([45, 90, -9]);
  });
});

describe("a duration", () => {
  it("is a number and a unit", () => {
    expect(["0m", "10m", "3h", "7d", "45s"].map(durationSeconds)).to.deep.equal([
      0, 600, 10_800, 604_800, 45,
    ]);
  });

  it("is refused by name otherwise", () => {
    for (const text of ["", "3", "h", "1.5h", "-1h", "3 h"]) {
      expect(() => durationSeconds(text)).to.throw(DurationError, `"${text}" is not a duration`);
    }
  });
});
