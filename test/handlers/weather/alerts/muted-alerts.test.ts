import { expect } from "chai";
import { type AlertPlan, compilePlan } from "../../../../handlers/weather/rules/plan.ts";
import { RuleError } from "../../../../handlers/weather/rules/rules.ts";
import { announcedBy, at, GUST_RULE, gusts, inShort, runPlan } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";

/** In UTC. The hours of the tests count from midnight: 22 is the evening, 30 the morning after. */
const night = planOf([GUST_RULE], { quietHours: { from: "22:00", to: "06:00" } });
const repeated = (value: number, count: number) => Array.from({ length: count }, () => value);

describe("in quiet hours", () => {
  it("a start below red is held, then told once, with the value of then and since its real start", () => {
    const { announced } = runPlan(gusts([5, ...repeated(12, 7), 25, 26, 26, 26], 21), night);
    expect(announced.map(inShort)).to.deep.equal(["30 start orange"]);
    expect(announced[0]).to.include({ value: 26, threshold: 20, since: "2024-04-30T22:00:00Z" });
    expect(announced[0]).not.to.have.property("earlier");
  });

  it("a rise below red is held, then told once", () => {
    expect(announcedBy(night, gusts([12, ...repeated(25, 12)], 21))).to.deep.equal([
      "21 start yellow",
      "30 escalation orange",
    ]);
  });

  it("an alert that begins and ends is not told at all", () => {
    const { state, announced } = runPlan(gusts([5, 25, ...repeated(5, 12)], 21), night);
    expect(announced).to.deep.equal([]);
    expect(state.hazards).to.deep.equal({});
  });

  it("a higher level that is over by their end is dropped; the one that is left is told", () => {
    expect(announcedBy(night, gusts([5, 25, 25, ...repeated(12, 10)], 21))).to.deep.equal([
      "30 start yellow",
    ]);
  });

  it("an alert that by their end only waits for its all-clear is not told", () => {
    const observations = [...gusts(repeated(12, 7), 22), ...gusts(repeated(5, 4), 29)];
    expect(runPlan(observations.slice(0, 9), night).state.hazards.wind).to.include({
      rank: 1,
      announcedRank: 0,
    });
    expect(announcedBy(night, observations)).to.deep.equal([]);
  });

  it("what is unknown at their end is told once it is known", () => {
    expect(announcedBy(night, gusts([5, ...repeated(25, 8), null, null, 24, 24], 21))).to.deep.equal([
      "32 start orange",
    ]);
  });

  it("the start of red, a rise to red and the all-clear of red pass at once", () => {
    expect(announcedBy(night, gusts([35, 5, 5, 5, 5], 23))).to.deep.equal(["23 start red", "26 clear red"]);
    expect(announcedBy(night, gusts([12, 12, 35], 21))).to.deep.equal([
      "21 start yellow",
      "23 escalation red",
    ]);
  });

  it("red is the first that people hear of an alert held before", () => {
    const { announced } = runPlan(gusts([25, 35], 23), night);
    expect(announced.map(inShort)).to.deep.equal(["24 start red"]);
    expect(announced[0]).to.include({ since: "2024-04-30T23:00:00Z" });
  });

  it("the all-clear of an alert told before them is told once, after them", () => {
    const { state, announced } = runPlan(gusts([25, ...repeated(5, 12), 4], 21), night);
    expect(announced.map(inShort)).to.deep.equal(["21 start orange", "30 clear orange"]);
    expect(announced[1]).to.deep.include({
      value: 5,
      since: "2024-04-30T21:00:00Z",
      earlier: [{ id: announced[0]?.id, time: "2024-04-30T21:00:00Z" }],
    });
    expect(state.hazards).to.deep.equal({});
  });

  it("the all-clear quotes what is clear, not what may begin the next alert", () => {
    const measure = { metric: "windSpeed" } as const;
    const sustained = { ...GUST_RULE, measure, levels: { orange: 10 }, for: "24h" };
    const plan = planOf([sustained, GUST_RULE], { quietHours: { from: "22:00", to: "06:00" } });
    const observations = [21, 22, 23, 24, 25, 26, 27, 28, 29, 30].map((hour) =>
      at(hour, { windGust: hour === 21 ? 25 : 5, windSpeed: hour < 29 ? 5 : 12 }),
    );
    const { announced } = runPlan(observations, plan);
    expect(announced.map(inShort)).to.deep.equal(["21 start orange", "30 clear orange"]);
    expect(announced[1]).to.deep.include({ measure: { metric: "windGust" }, value: 5 });
  });

  it("nothing is said of an alert that ends and is on again at the level told", () => {
    const observations = gusts([25, ...repeated(5, 7), 25, 25, 25, 5, 5, 5], 21);
    expect(runPlan(observations.slice(0, 6), night).state.hazards.wind).to.include({
      rank: 0,
      announcedRank: 2,
    });
    expect(announcedBy(night, observations)).to.deep.equal(["21 start orange", "34 clear orange"]);
  });

  it("an alert that ends and is on again at a higher level rises after them", () => {
    expect(announcedBy(night, gusts([12, ...repeated(5, 7), 25, 25], 21))).to.deep.equal([
      "21 start yellow",
      "30 escalation orange",
    ]);
  });

  it("a fall and a rise back to the level told say nothing", () => {
    expect(announcedBy(night, gusts([25, ...repeated(12, 5), ...repeated(25, 6)], 21))).to.deep.equal([
      "21 start orange",
    ]);
  });

  it("a fall from red leaves the way to orange held until their end", () => {
    expect(announcedBy(night, gusts([35, ...repeated(12, 4), ...repeated(25, 6)], 22))).to.deep.equal([
      "22 start red",
      "30 escalation orange",
    ]);
  });
});

/** Times, of those given, at which a first orange observation is not told. */
function heldAt(more: Partial<AlertPlan>, times: readonly string[]): string[] {
  const plan = planOf([GUST_RULE], more);
  const isMuted = (time: string) =>
    runPlan([{ location: "anywhere", time: new Date(time), values: { windGust: 25 } }], plan).announced
      .length === 0;
  return times.filter(isMuted);
}

describe("quiet hours", () => {
  it("begin with their first minute and end before their last", () => {
    const times = ["11:59:59", "12:00:00", "13:59:59", "14:00:00"].map((time) => `2024-04-30T${time}Z`);
    expect(heldAt({ quietHours: { from: "12:00", to: "14:00" } }, times)).to.deep.equal(times.slice(1, 3));
  });

  it("span midnight", () => {
    const times = ["21:59", "22:00", "23:59", "00:00", "05:59", "06:00"].map(
      (time) => `2024-04-30T${time}:00Z`,
    );
    expect(heldAt({ quietHours: { from: "22:00", to: "06:00" } }, times)).to.deep.equal(times.slice(1, 5));
  });

  const newYork = (from: string, to: string) => ({
    timeZone: "America/New_York",
    quietHours: { from, to },
  });

  it("are those of the place's own clock, in standard time and in daylight saving time", () => {
    const winter = ["2024-03-10T02:59:00Z", "2024-03-10T03:00:00Z"];
    const spring = ["2024-03-10T09:59:00Z", "2024-03-10T10:00:00Z", "2024-03-11T01:59:00Z"];
    expect(heldAt(newYork("22:00", "06:00"), [...winter, ...spring])).to.deep.equal([winter[1], spring[0]]);
    const autumn = ["2024-11-03T01:59:00Z", "2024-11-03T02:00:00Z", "2024-11-03T10:59:00Z"];
    expect(heldAt(newYork("22:00", "06:00"), [...autumn, "2024-11-03T11:00:00Z"])).to.deep.equal(
      autumn.slice(1),
    );
  });

  it("that end in the hour which spring skips end at once", () => {
    const times = ["2024-03-10T06:59:00Z", "2024-03-10T07:00:00Z", "2024-03-10T07:29:00Z"];
    expect(heldAt(newYork("01:00", "02:30"), times)).to.deep.equal(times.slice(0, 1));
  });

  it("count twice in the hour that autumn repeats", () => {
    const times = ["05:00", "05:29", "05:30", "05:59", "06:00", "06:29", "06:30"].map(
      (time) => `2024-11-03T${time}:00Z`,
    );
    expect(heldAt(newYork("01:00", "01:30"), times).map((time) => time.slice(11, 16))).to.deep.equal([
      "05:00",
      "05:29",
      "06:00",
      "06:29",
    ]);
  });
});

describe("a plan's holds", () => {
  const base: AlertPlan = { rules: [GUST_RULE], timeZone: "UTC", silences: [], yellow: "message" };
  const silence = { from: "2024-05-01T00:00:00Z", until: "2024-05-02T00:00:00Z", reason: "works" };
  const refused: [string, Partial<AlertPlan>, RegExp][] = [
    ["quiet hours without end", { quietHours: { from: "22:00", to: "22:00" } }, /from and to are both 22:00/],
    ["a clock of 24 hours", { quietHours: { from: "24:00", to: "06:00" } }, /"24:00" is not a time of day/],
    [
      "a place's clock nobody knows",
      { quietHours: { from: "22:00", to: "06:00" }, timeZone: "Mars/Base" },
      /Mars/,
    ],
    [
      "a silence that ends before it begins",
      { silences: [{ ...silence, until: silence.from }] },
      /must be after/,
    ],
    [
      "a silence from no time",
      { silences: [{ ...silence, from: "tomorrow" }] },
      /"works": "tomorrow" is not a time/,
    ],
  ];
  for (const [name, more, message] of refused) {
    it(`are refused with ${name}`, () => {
      expect(() => compilePlan({ ...base, ...more })).to.throw(RuleError, message);
    });
  }

  it("say nothing of themselves where there are none", () => {
    expect(announcedBy(compilePlan(base), [at(23, { windGust: 12 })])).to.deep.equal(["23 start yellow"]);
  });
});
