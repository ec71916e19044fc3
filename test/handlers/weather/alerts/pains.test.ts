import { expect } from "chai";
import { evaluate, toObservation } from "../../../../handlers/weather/alerts/evaluate.ts";
import type { Values } from "../../../../handlers/weather/observation/fields.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, GUST_RULE, gusts, inShort, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";
import { presets } from "../../support/presets.ts";

const wind = planOf([GUST_RULE]);
const rainRule: Rule = {
  hazard: "rain",
  measure: { metric: "rainIntensity", over: "6h", as: "sum" },
  levels: { red: 30 },
  clear: { after: "1h", ratio: 0.9 },
};
const rain = (values: readonly (number | null | undefined)[]) =>
  values.map((rainIntensity, hour) => at(hour, { rainIntensity }));
const dryAir: Rule = {
  ...GUST_RULE,
  hazard: "dry-air",
  measure: { metric: "humidity" },
  levels: { yellow: 30, red: 12 },
  below: true,
};

describe("an alert sent again because the feed's order changed", () => {
  it("is not: a batch that comes again in another order says nothing and changes nothing", () => {
    const batch = gusts([5, 25, 35, 12, 5, 5, 5]);
    const { state, announced } = runPlan(batch, wind);
    expect(announced).to.have.lengthOf(3);
    for (const again of [batch, batch.toReversed(), [...batch.slice(3), ...batch.slice(0, 3)]]) {
      const second = runPlan(again, wind, state);
      expect(second.announced).to.deep.equal([]);
      expect(second.state).to.equal(state);
    }
  });

  it("is not: the rules may change places between two observations", () => {
    const rules = [GUST_RULE, dryAir, { ...GUST_RULE, measure: { metric: "windSpeed" } }] as const;
    const stormy = (hour: number) => at(hour, { windGust: 25, windSpeed: 21, humidity: 20 });
    const before = runPlan([stormy(0), stormy(1)], planOf(rules));
    expect(before.announced).to.have.lengthOf(2);
    const after = runPlan([stormy(2), stormy(3)], planOf(rules.toReversed()), before.state);
    expect(after.announced).to.deep.equal([]);
  });

  it("is not: neither does the order of an observation's fields matter", () => {
    const [one, other]: Values[] = [
      { windGust: 25, humidity: 20 },
      { humidity: 20, windGust: 25 },
    ];
    const plan = planOf([GUST_RULE, dryAir]);
    expect(runPlan([at(0, other ?? {})], plan).announced).to.deep.equal(
      runPlan([at(0, one ?? {})], plan).announced,
    );
  });
});

describe("two dangers taken for one because their text is the same", () => {
  it("are two: hazards with the same figures at the same time", () => {
    const plan = planOf([GUST_RULE, { ...GUST_RULE, hazard: "harbour" }]);
    const { announced } = runPlan(gusts([25]), plan);
    expect(announced.map(({ id }) => id)).to.deep.equal([
      "porto-alegre/wind/2024-04-30T00:00:00Z/start",
      "porto-alegre/harbour/2024-04-30T00:00:00Z/start",
    ]);
  });

  it("are two: the same at another place", () => {
    const ids = ["porto-alegre", "rio-grande"].flatMap((location) =>
      runPlan([{ ...at(0, { windGust: 25 }), location }], wind).announced.map(({ id }) => id),
    );
    expect(new Set(ids).size).to.equal(2);
  });

  it("are two: the same again on the next day", () => {
    const day = [25, 5, 5, 5, ...Array.from({ length: 20 }, () => 5)];
    const { announced } = runPlan(gusts([...day, ...day]), wind);
    expect(announced.map(inShort)).to.deep.equal([
      "0 start orange",
      "3 clear orange",
      "24 start orange",
      "27 clear orange",
    ]);
    expect(new Set(announced.map(({ id }) => id)).size).to.equal(4);
    expect(announced[2]).not.to.have.property("earlier");
  });
});

describe("a feed that drops an alert's figure and restores it", () => {
  it("starts no second alert, and ends none in between", () => {
    for (const gap of [{ windGust: null }, {}, { windGust: Number.NaN }]) {
      const observations = [at(0, { windGust: 25 }), at(1, gap), at(2, gap), at(3, { windGust: 25 })];
      expect(announcedBy(wind, observations)).to.deep.equal(["0 start orange"]);
    }
  });

  it("starts the wait for the all-clear again, for what was dropped may have been across the threshold", () => {
    expect(announcedBy(wind, gusts([25, 5, null, null, 5, 5]))).to.deep.equal(["0 start orange"]);
    expect(announcedBy(wind, gusts([25, 5, null, null, 5, 5, 5]))).to.deep.equal([
      "0 start orange",
      "6 clear orange",
    ]);
  });

  it("starts no second alert where a rule was gone for a while and another holds the level", () => {
    const both = [GUST_RULE, { ...GUST_RULE, measure: { metric: "windSpeed" } }] as const;
    const stormy = (hour: number) => at(hour, { windGust: 25, windSpeed: 21 });
    const before = runPlan([stormy(0)], planOf(both));
    const without = runPlan([stormy(1)], planOf(both.slice(1)), before.state);
    const again = runPlan([stormy(2)], planOf(both), without.state);
    expect([...without.announced, ...again.announced]).to.deep.equal([]);
  });
});

describe("an outage that silences a running red alert", () => {
  const outages = {
    "of nulls": gusts(
      Array.from({ length: 10 }, () => null),
      1,
    ),
    "without any observation": [],
  };
  for (const [name, outage] of Object.entries(outages)) {
    it(`${name}: the alert stays, and goes on without a second start`, () => {
      const { state, announced } = runPlan([...gusts([35]), ...outage, ...gusts([35, 35], 11)], wind);
      expect(announced.map(inShort)).to.deep.equal(["0 start red"]);
      expect(state.hazards.wind).to.include({ rank: 3, announcedRank: 3, since: "2024-04-30T00:00:00Z" });
    });

    it(`${name}: the all-clear waits for as long as ever, counted from what is seen after it`, () => {
      const observations = [...gusts([35]), ...outage, ...gusts([5, 5, 5, 5], 11)];
      expect(announcedBy(wind, observations)).to.deep.equal(["0 start red", "13 clear red"]);
    });

    it(`${name}: the alert that rises after it is told`, () => {
      const observations = [...gusts([25]), ...outage, ...gusts([35], 11)];
      expect(announcedBy(wind, observations)).to.deep.equal(["0 start orange", "11 escalation red"]);
    });
  }

  it("does not end it by the emptiness of its window: first that must be observed again", () => {
    const plan = planOf([rainRule]);
    const outage = Array.from({ length: 9 }, () => null);
    // From 11 h on it is dry; at 16 h all 6 hours of the window are known, and an hour later its hold is over.
    const observations = rain([0, 40, ...outage, 0, 0, 0, 0, 0, 0, 0]);
    expect(runPlan(observations.slice(0, 16), plan).state.hazards.rain).to.include({ rank: 3 });
    expect(announcedBy(plan, observations)).to.deep.equal(["1 start red", "17 clear red"]);
    const silent = observations.filter((_, hour) => hour < 2 || hour > 10);
    expect(announcedBy(plan, silent)).to.deep.equal(["1 start red", "17 clear red"]);
  });
});

describe("a missing field read as zero", () => {
  const missing: Readonly<Record<string, Values>> = {
    null: { humidity: null, temperature: null },
    absent: {},
    "no number": { humidity: Number.NaN, temperature: Number.NaN },
  };
  const frost: Rule = { ...dryAir, hazard: "frost", measure: { metric: "temperature" }, levels: { red: 1 } };
  const dryHours: Rule = {
    ...dryAir,
    measure: { metric: "humidity", over: "3h", as: "mean" },
  };

  for (const [name, values] of Object.entries(missing)) {
    it(`(${name}) starts no alert of what is dangerous when low`, () => {
      const observations = [0, 1, 2, 3, 4].map((hour) => at(hour, values));
      expect(announcedBy(planOf([dryAir, frost]), observations)).to.deep.equal([]);
      expect(announcedBy(planOf([dryHours]), observations)).to.deep.equal([]);
    });

    it(`(${name}) does not draw a mean down`, () => {
      const observations = [at(0, { humidity: 50 }), at(1, { humidity: 50 }), at(2, values), at(3, values)];
      expect(announcedBy(planOf([dryHours]), observations)).to.deep.equal([]);
    });

    it(`(${name}) ends no alert of what is dangerous when high`, () => {
      const heat: Rule = { ...frost, hazard: "heat", levels: { red: 40 }, below: false };
      const observations = [at(0, { temperature: 41 }), ...[1, 2, 3, 4].map((hour) => at(hour, values))];
      expect(announcedBy(planOf([heat]), observations)).to.deep.equal(["0 start red"]);
    });
  }

  it("adds nothing to a sum, and makes no sum of nothing", () => {
    const { state, announced } = runPlan(rain([0, null, undefined, null, 31, null]), planOf([rainRule]));
    expect(announced.map(({ value }) => value)).to.deep.equal([31]);
    expect(state.history.rainIntensity?.map(([, millimetres]) => millimetres)).to.deep.equal([31]);
  });

  it("is not among the latest figures; an observation without any leaves those before", () => {
    const { state } = runPlan([at(0, { windGust: 5, humidity: null }), at(1, { humidity: null })], wind);
    expect(state.latest).to.deep.equal({ time: "2024-04-30T00:00:00Z", values: { windGust: 5 } });
  });
});

describe("a late observation that opens a closed alert again", () => {
  const { state, announced } = runPlan(gusts([25, 5, 5, 5, 5]), wind);

  it("changes nothing, however high", () => {
    expect(announced.map(inShort)).to.deep.equal(["0 start orange", "3 clear orange"]);
    for (const hour of [0, 0.5, 2, 3.5, 4]) {
      expect(evaluate(state, at(hour, { windGust: 40 }), wind)).to.deep.equal({
        state,
        announced: [],
        digestOnly: [],
      });
    }
  });

  it("does not stand in the way of a new one", () => {
    const late = evaluate(state, at(2, { windGust: 40 }), wind).state;
    const { announced } = evaluate(late, at(5, { windGust: 40 }), wind);
    expect(announced.map(inShort)).to.deep.equal(["5 start red"]);
  });

  it("within the same second is a duplicate, not a correction", () => {
    const at5 = at(5, { windGust: 5 });
    const next = evaluate(state, at5, wind).state;
    const sameSecond = { ...at5, time: new Date(at5.time.getTime() + 999), values: { windGust: 40 } };
    expect(evaluate(next, sameSecond, wind).state).to.equal(next);
  });
});

describe("a sensor's code for a fault read as weather", () => {
  const frost: Rule = { ...dryAir, hazard: "frost", measure: { metric: "temperature" }, levels: { red: 0 } };
  const faults: readonly Values[] = [
    { windGust: 99_999 },
    { windGust: 1e308 },
    { temperature: -9999 },
    { humidity: -999 },
    { rainIntensity: 9999 },
  ];

  for (const values of faults) {
    it(`is unknown: ${JSON.stringify(values)}`, () => {
      const record = {
        data: { time: "2024-04-30T00:00:00Z", values },
        location: { id: "porto-alegre", name: "Porto Alegre", lat: -30, lon: -51 },
        source: "test",
      };
      const { announced, state } = runPlan([toObservation(record)], planOf([...presets.inmet, frost]));
      expect(announced).to.deep.equal([]);
      expect(state.latest).to.equal(null);
      expect(record.data.values).to.equal(values);
    });
  }
});
