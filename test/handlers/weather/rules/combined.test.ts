import { expect } from "chai";
import { fittingIssues } from "../../../../config/schema-walk.ts";
import type { Observation } from "../../../../handlers/weather/alerts/evaluate.ts";
import type { Values } from "../../../../handlers/weather/observation/fields.ts";
import { compileRules, type Rule, RuleError, ruleSchema } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, inShort, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";

const dryness = { measure: { metric: "humidity" }, levels: { orange: 20 }, below: true } as const;
const warmth = { measure: { metric: "temperature" }, levels: { orange: 30 } } as const;
const gale = { measure: { metric: "windGust", unit: "km/h" }, levels: { orange: 36 } } as const;

/** An alert ends after an hour of one condition beyond 10 %. */
const danger: Rule = {
  hazard: "fire",
  all: [dryness, warmth, gale],
  clear: { after: "1h", ratio: 0.9 },
};
const plan = planOf([danger]);
const RAGING: Values = { humidity: 15, temperature: 35, windGust: 20 };

/** An observation an hour: raging, but for what each says. */
const hours = (...changes: Values[]): Observation[] =>
  changes.map((change, hour) => at(hour, { ...RAGING, ...change }));

describe("combined conditions", () => {
  it("begin an alert only when all are met", () => {
    for (const change of [{ humidity: 20 }, { temperature: 29.9 }, { windGust: 9.9 }]) {
      expect(announcedBy(plan, hours(change, change))).to.deep.equal([]);
    }
    expect(announcedBy(plan, hours({ humidity: 20 }, {}))).to.deep.equal(["1 start orange"]);
  });

  it("end it when any one is clear for long enough, whichever", () => {
    for (const change of [{ humidity: 22 }, { temperature: 26.9 }, { windGust: 8.9 }]) {
      expect(announcedBy(plan, hours({}, change, change))).to.deep.equal([
        "0 start orange",
        "2 clear orange",
      ]);
    }
    expect(announcedBy(plan, hours({}, { humidity: 22 }, { windGust: 8.9 }))).to.deep.equal([
      "0 start orange",
      "2 clear orange",
    ]);
  });

  it("keep it up between threshold and clear bound, and where all are met again", () => {
    const between = { humidity: 21, temperature: 28, windGust: 9.5 };
    expect(announcedBy(plan, hours({}, between, between, between))).to.deep.equal(["0 start orange"]);
    expect(announcedBy(plan, hours({}, { humidity: 22 }, {}, { humidity: 22 }))).to.deep.equal([
      "0 start orange",
    ]);
  });

  it("do not begin an alert while one is unknown", () => {
    for (const change of [{ humidity: null }, { temperature: null }, { windGust: null }]) {
      expect(announcedBy(plan, hours(change, change))).to.deep.equal([]);
    }
  });

  it("neither end nor keep up an alert while one is unknown: another that is clear ends it", () => {
    const unknown = { humidity: null };
    expect(announcedBy(plan, hours({}, unknown, unknown, unknown))).to.deep.equal(["0 start orange"]);
    const cleared = { humidity: null, windGust: 3 };
    expect(announcedBy(plan, hours({}, cleared, cleared))).to.deep.equal([
      "0 start orange",
      "2 clear orange",
    ]);
  });

  it("count `for` only while all are met; the unknown interrupts nothing", () => {
    const patient = planOf([{ ...danger, for: "2h" }]);
    expect(announcedBy(patient, hours({}, {}, { windGust: 3 }, {}, {}, {}))).to.deep.equal([
      "5 start orange",
    ]);
    expect(announcedBy(patient, hours({}, { humidity: null }, {}, {}))).to.deep.equal(["3 start orange"]);
  });

  it("go up level by level, each only when all reach it", () => {
    const graded: Rule = {
      ...danger,
      all: [
        { ...dryness, levels: { yellow: 30, red: 10 } },
        { ...warmth, levels: { yellow: 25, red: 35 } },
      ],
    };
    const observations = hours({ humidity: 29 }, { humidity: 9, temperature: 34 }, { humidity: 9 });
    expect(announcedBy(planOf([graded]), observations)).to.deep.equal(["0 start yellow", "2 escalation red"]);
  });

  it("measure windows as well", () => {
    const soaked: Rule = {
      ...danger,
      hazard: "landslide",
      all: [
        { measure: { metric: "rainIntensity", over: "24h", as: "sum" }, levels: { red: 100 } },
        { measure: { metric: "rainIntensity" }, levels: { red: 10 } },
      ],
    };
    const rain = [0, 50, 49, 1, 9, 10].map((rainIntensity, hour) => at(hour, { rainIntensity }));
    const { announced } = runPlan(rain, planOf([soaked]));
    expect(announced.map(inShort)).to.deep.equal(["5 start red"]);
    expect(announced[0]?.conditions?.map(({ value }) => value)).to.deep.equal([119, 10]);
  });
});

describe("a message of combined conditions", () => {
  const figures = {
    humidity: { measure: dryness.measure, below: true, threshold: 20 },
    temperature: { measure: warmth.measure, below: false, threshold: 30 },
    windGust: { measure: gale.measure, below: false, threshold: 36 },
  };

  it("has each one's figure, in its unit, and the first as its own", () => {
    const [start] = runPlan(hours({}), plan).announced;
    expect(start?.conditions).to.deep.equal([
      { ...figures.humidity, value: 15 },
      { ...figures.temperature, value: 35 },
      { ...figures.windGust, value: 72 },
    ]);
    expect(start).to.deep.include({ ...figures.humidity, value: 15, level: "orange" });
  });

  it("about the end begins with what ended it, and leaves out the unknown", () => {
    const still = { windGust: 3 };
    const clearOf = (last: Values) => runPlan(hours({}, still, last), plan).announced[1];
    expect(clearOf(still)?.conditions).to.deep.equal([
      { ...figures.windGust, value: 10.8 },
      { ...figures.humidity, value: 15 },
      { ...figures.temperature, value: 35 },
    ]);
    expect(clearOf({ ...still, humidity: null })).to.deep.include({
      ...figures.windGust,
      value: 10.8,
      kind: "clear",
      conditions: [
        { ...figures.windGust, value: 10.8 },
        { ...figures.temperature, value: 35 },
      ],
    });
  });

  it("is as plain as ever where a rule has one condition", () => {
    const single = planOf([{ ...warmth, hazard: "heat" }]);
    expect(runPlan(hours({}), single).announced[0]).not.to.have.property("conditions");
  });
});

describe("rules of combined conditions", () => {
  const refusals = (rule: unknown) =>
    ruleSchema
      .safeParse(rule)
      .error?.issues.flatMap(fittingIssues)
      .map((issue) => issue.message)
      .join("; ") ?? "taken";

  it("are taken with two to five conditions", () => {
    expect(refusals(danger)).to.equal("taken");
    expect(refusals({ ...danger, all: [dryness] })).to.match(/2 to 5 conditions/);
    expect(refusals({ ...danger, all: Array.from({ length: 6 }, () => dryness) })).to.match(/2 to 5/);
  });

  it("are refused next to a measure, levels or below, and with none of them", () => {
    for (const part of [{ measure: warmth.measure }, { levels: warmth.levels }, { below: true }, warmth]) {
      expect(refusals({ ...danger, ...part })).to.match(/either `measure` with `levels`, or `all`/);
    }
    expect(refusals({ hazard: "fire" })).to.match(/either `measure` with `levels`, or `all`/);
    expect(refusals({ hazard: "fire", measure: warmth.measure })).to.match(/either/);
  });

  it("are refused with different levels, by name", () => {
    const all = [dryness, { ...warmth, levels: { yellow: 25, orange: 30 } }];
    expect(() => compileRules([{ hazard: "fire", all }])).to.throw(
      RuleError,
      'rule "fire:all:humidity:below+temperature": temperature has the levels yellow, orange; allowed are those of humidity:below, orange',
    );
  });

  it("are refused with the same measure twice, and twice themselves", () => {
    expect(() => compileRules([{ hazard: "fire", all: [warmth, warmth] }])).to.throw(
      RuleError,
      /"temperature" is there twice/,
    );
    expect(() => compileRules([danger, danger])).to.throw(RuleError, /two rules are "fire:all:humidity/);
  });

  it("are refused with levels out of order in any condition", () => {
    const all = [
      { ...dryness, levels: { yellow: 20, red: 30 } },
      { ...warmth, levels: { yellow: 30, red: 40 } },
    ];
    expect(() => compileRules([{ hazard: "fire", all }])).to.throw(
      RuleError,
      /red 30 must be below yellow 20/,
    );
  });
});
