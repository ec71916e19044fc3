import { expect } from "chai";
import type { Silence } from "../../../../handlers/weather/rules/mute.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, GUST_RULE, gusts, inShort, runPlan, START } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";

/** From one hour until another. */
function silence(from: number, until: number, more: Partial<Silence> = {}): Silence {
  const [start, end] = [from, until].map((hours) => new Date(START + hours * 3_600_000).toISOString());
  return { from: start ?? "", until: end ?? "", reason: "works on the mast", ...more };
}

const silenced = (...silences: Silence[]) => planOf([GUST_RULE], { silences });
const rain: Rule = { ...GUST_RULE, hazard: "rain", measure: { metric: "rainIntensity" } };

describe("in a silence", () => {
  it("everything is held, also red, and what is true when it expires is told once", () => {
    const { announced } = runPlan(gusts([5, 25, 35, 36, 37, 37]), silenced(silence(1, 4)));
    expect(announced.map(inShort)).to.deep.equal(["4 start red"]);
    expect(announced[0]).to.include({ value: 37, since: "2024-04-30T01:00:00Z" });
  });

  it("what is over when it expires is dropped", () => {
    const { state, announced } = runPlan(gusts([5, 35, 5, 5, 5, 5, 5]), silenced(silence(1, 5)));
    expect(announced).to.deep.equal([]);
    expect(state.hazards).to.deep.equal({});
  });

  it("the all-clear, also of red, is told once when it expires", () => {
    expect(announcedBy(silenced(silence(1, 6)), gusts([35, 5, 5, 5, 5, 5, 5, 5]))).to.deep.equal([
      "0 start red",
      "6 clear red",
    ]);
  });

  it("an alert that ends and is on again at the level told says nothing", () => {
    expect(announcedBy(silenced(silence(1, 6)), gusts([35, 5, 5, 5, 5, 35, 35, 35]))).to.deep.equal([
      "0 start red",
    ]);
  });

  it("of one hazard, others are told", () => {
    const plan = planOf([GUST_RULE, rain], { silences: [silence(0, 2, { hazards: ["wind"] })] });
    const observations = [0, 1, 2].map((hour) => at(hour, { windGust: 35, rainIntensity: 35 }));
    const announced = runPlan(observations, plan).announced.map(({ hazard, time }) => `${hazard} ${time}`);
    expect(announced).to.deep.equal(["rain 2024-04-30T00:00:00Z", "wind 2024-04-30T02:00:00Z"]);
  });

  it("its first moment is held, its last is not", () => {
    const plan = silenced(silence(1, 2));
    const firstTold = [0.999, 1, 1.999, 2].filter(
      (hour) => announcedBy(plan, [at(hour, { windGust: 35 })]).length > 0,
    );
    expect(firstTold).to.deep.equal([0.999, 2]);
  });

  it("repeats are held", () => {
    const plan = planOf([{ ...GUST_RULE, repeatEvery: "2h" }], { silences: [silence(1, 5)] });
    expect(announcedBy(plan, gusts([35, 35, 35, 35, 35, 35, 35, 35]))).to.deep.equal([
      "0 start red",
      "5 repeat red",
      "7 repeat red",
    ]);
  });

  it("that ends within quiet hours, red is told at once and orange after them", () => {
    const plan = planOf([GUST_RULE], {
      silences: [silence(1, 3)],
      quietHours: { from: "00:00", to: "05:00" },
    });
    expect(announcedBy(plan, gusts([5, 35, 35, 35, 35]))).to.deep.equal(["3 start red"]);
    expect(announcedBy(plan, gusts([5, 25, 25, 25, 25, 25]))).to.deep.equal(["5 start orange"]);
  });
});

describe("silences", () => {
  it("that follow each other are one", () => {
    const plan = silenced(silence(1, 3), silence(3, 5));
    expect(announcedBy(plan, gusts([5, 35, 35, 35, 35, 35]))).to.deep.equal(["5 start red"]);
  });

  it("that overlap hold until the last ends", () => {
    const plan = silenced(silence(1, 5), silence(0, 3), silence(2, 4));
    expect(announcedBy(plan, gusts([35, 35, 35, 35, 35, 35]))).to.deep.equal(["5 start red"]);
  });

  it("with an hour between them let that hour's truth through", () => {
    const plan = silenced(silence(1, 3), silence(4, 6));
    expect(announcedBy(plan, gusts([5, 25, 25, 25, 35, 35, 35]))).to.deep.equal([
      "3 start orange",
      "6 escalation red",
    ]);
  });

  it("may name their times with an offset", () => {
    const plan = silenced({ from: "2024-04-29T21:00:00-03:00", until: "2024-04-30T02:00:00Z", reason: "-" });
    expect(announcedBy(plan, gusts([35, 35, 35]))).to.deep.equal(["2 start red"]);
  });
});
