import { expect } from "chai";
import type { Values } from "../../../../handlers/weather/observation/fields.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, inShort, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";
import { presets } from "../../support/presets.ts";

const hourlyOf = (series: readonly Values[]) => series.map((values, hour) => at(hour, values));
const times = (count: number, values: Values) => Array.from({ length: count }, () => values);

describe("the preset fire", () => {
  const fire = planOf(presets.fire);
  const calm: Values = { humidity: 60, temperature: 20, windSpeed: 3, windGust: 5 };

  it("is yellow by the rule of 30 and orange by 20 % with gusts of 40 km/h, then ends after three hours", () => {
    const thirties = { humidity: 29, temperature: 30, windSpeed: 8.34, windGust: 10.9 };
    const drier = { ...thirties, humidity: 19, windGust: 11 };
    const announced = announcedBy(fire, hourlyOf([calm, thirties, drier, ...times(4, calm)]));
    expect(announced).to.deep.equal(["1 start yellow", "2 escalation orange", "6 clear orange"]);
  });

  it("is not yellow when one of the three is missed by a little", () => {
    const thirties = { humidity: 29, temperature: 30, windSpeed: 8.34, windGust: 10 };
    for (const change of [{ humidity: 30 }, { temperature: 29.9 }, { windSpeed: 8.3 }]) {
      expect(announcedBy(fire, hourlyOf(times(4, { ...thirties, ...change })))).to.deep.equal([]);
    }
  });

  it("is red after three hours of a dry gale at any temperature, told with both figures", () => {
    const gale = { humidity: 14, temperature: 5, windSpeed: 5, windGust: 12 };
    const { announced } = runPlan(hourlyOf([calm, ...times(4, gale), ...times(4, calm)]), fire);
    expect(announced.map(inShort)).to.deep.equal(["4 start red", "8 clear red"]);
    expect(announced[0]?.conditions?.map(({ value, threshold }) => [value, threshold])).to.deep.equal([
      [14, 15],
      [26.843236, 25],
    ]);
    expect(announced[1]?.conditions?.map(({ value }) => value)).to.deep.equal([60, 11.184681]);
  });

  it("is not red while its gale blows for two hours only", () => {
    const gale = { humidity: 14, temperature: 5, windSpeed: 5, windGust: 12 };
    expect(announcedBy(fire, hourlyOf([...times(3, gale), ...times(3, calm)]))).to.deep.equal([]);
  });
});

describe("the preset heat", () => {
  const heat = planOf(presets.heat);

  it("goes through the categories of the heat index, and ends 5 % below them", () => {
    const announced = runPlan(
      hourlyOf([
        { temperature: 27, humidity: 50 },
        { temperature: 32, humidity: 50 },
        { temperature: 36, humidity: 55 },
        { temperature: 42, humidity: 55 },
        ...times(4, { temperature: 24, humidity: 50 }),
      ]),
      heat,
    ).announced;
    expect(announced.map(inShort)).to.deep.equal([
      "1 start yellow",
      "2 escalation orange",
      "3 escalation red",
      "7 clear red",
    ]);
    expect(announced[0]).to.deep.include({ measure: { metric: "heatIndex" }, scale: "NWS" });
    expect(announced[0]?.value).to.be.within(34, 36);
  });

  it("does not end on a night just below its lowest threshold", () => {
    const announced = announcedBy(
      heat,
      hourlyOf([{ temperature: 34, humidity: 50 }, ...times(6, { temperature: 31, humidity: 45 })]),
    );
    expect(announced).to.deep.equal(["0 start yellow"]);
  });

  it("is neither begun nor ended without humidity", () => {
    const blind = times(6, { temperature: 45, humidity: null });
    expect(announcedBy(heat, hourlyOf(blind))).to.deep.equal([]);
    expect(announcedBy(heat, hourlyOf([{ temperature: 36, humidity: 55 }, ...blind]))).to.deep.equal([
      "0 start orange",
    ]);
  });
});

describe("derived figures", () => {
  const rule = (metric: "heatIndex" | "windChill" | "humidex", more: Partial<Rule> = {}): Rule =>
    ({ hazard: "felt", measure: { metric }, levels: { red: 40 }, ...more }) as Rule;

  it("stay unknown with an input that is, in windows as well", () => {
    const window = { metric: "heatIndex", over: "2h", as: "max" } as const;
    const plan = planOf([{ hazard: "felt", measure: window, levels: { red: 40 } }]);
    const observations = [{ temperature: 45 }, { humidity: 90 }, { temperature: 45, humidity: null }];
    const { state, announced } = runPlan(hourlyOf(observations), plan);
    expect(announced).to.deep.equal([]);
    expect(state.history).to.deep.equal({});
  });

  it("that a source sends itself are not believed", () => {
    const observations = hourlyOf(times(2, { heatIndex: 60 } as Values));
    expect(announcedBy(planOf([rule("heatIndex")]), observations)).to.deep.equal([]);
  });

  it("are not among the latest figures, which are what was observed", () => {
    const { state } = runPlan(hourlyOf([{ temperature: 45, humidity: 50 }]), planOf([rule("humidex")]));
    expect(state.latest?.values).to.deep.equal({ temperature: 45, humidity: 50 });
  });

  it("of cold begin with the wind, and end when it is warm or calm, where there is no wind chill", () => {
    const clear = { after: "2h", ratio: 0.9 };
    const chill = planOf([rule("windChill", { levels: { red: -5 }, below: true, clear })]);
    const calm = { temperature: 1, windSpeed: 1 };
    const windy = { temperature: 1, windSpeed: 15 };
    const warm = { temperature: 20, windSpeed: 15 };
    expect(announcedBy(chill, hourlyOf([warm, calm, windy, calm, calm, calm]))).to.deep.equal([
      "2 start red",
      "5 clear red",
    ]);
    expect(announcedBy(chill, hourlyOf([windy, ...times(3, warm)]))).to.deep.equal([
      "0 start red",
      "3 clear red",
    ]);
  });
});
