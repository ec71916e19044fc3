import { expect } from "chai";
import type { AlertState } from "../../../../handlers/weather/alerts/state.ts";
import { hazardWatches } from "../../../../handlers/weather/alerts/watching.ts";
import { digestMessage } from "../../../../handlers/weather/messages/digest-message.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";
import { announcedBy, at, GUST_RULE, gusts, inShort, runPlan } from "../../support/alert-run.ts";
import { portoAlegre } from "../../support/places.ts";
import { planOf } from "../../support/plan.ts";

const digest = planOf([GUST_RULE], { yellow: "digest" });
const digestOnly = ({ events }: AlertState) => events.map(inShort);

describe("yellow that goes to the digest", () => {
  it("is never told, and noted with its start and its end", () => {
    const { state, announced } = runPlan(gusts([5, 12, 14, 5, 5, 5]), digest);
    expect(announced).to.deep.equal([]);
    expect(digestOnly(state)).to.deep.equal(["1 start yellow", "5 clear yellow"]);
    expect(state.events[1]).to.include({ value: 5, since: "2024-04-30T01:00:00Z" });
    expect(state.hazards).to.deep.equal({});
  });

  it("is noted once, however long it goes on", () => {
    expect(digestOnly(runPlan(gusts([12, 9.5, 12, null, 12, 12]), digest).state)).to.deep.equal([
      "0 start yellow",
    ]);
  });

  it("is first told where it rises, as a start, and its all-clear is told", () => {
    const { state, announced } = runPlan(gusts([12, 25, 5, 5, 5]), digest);
    expect(announced.map(inShort)).to.deep.equal(["1 start orange", "4 clear orange"]);
    expect(announced[0]).to.include({ since: "2024-04-30T00:00:00Z" });
    expect(digestOnly(state)).to.deep.equal(["0 start yellow"]);
  });

  it("is nothing to tell when an alert falls to it, nor a reason to tell orange a second time as a start", () => {
    expect(announcedBy(digest, gusts([25, 12, 12, 12, 25]))).to.deep.equal([
      "0 start orange",
      "4 escalation orange",
    ]);
  });

  it("is noted in quiet hours, which are for messages", () => {
    const plan = planOf([GUST_RULE], { yellow: "digest", quietHours: { from: "00:00", to: "06:00" } });
    expect(digestOnly(runPlan(gusts([12, 5, 5, 5]), plan).state)).to.deep.equal([
      "0 start yellow",
      "3 clear yellow",
    ]);
  });

  it("is not noted in a silence; when that expires it is, if it is still on", () => {
    const silences = [{ from: "2024-04-30T00:00:00Z", until: "2024-04-30T03:00:00Z", reason: "works" }];
    const plan = planOf([GUST_RULE], { yellow: "digest", silences });
    expect(digestOnly(runPlan(gusts([12, 12, 12, 12]), plan).state)).to.deep.equal(["3 start yellow"]);
    expect(digestOnly(runPlan(gusts([12, 5, 5, 5, 5]), plan).state)).to.deep.equal([]);
  });

  it("is kept as the last twenty events", () => {
    const cycles = Array.from({ length: 12 }, () => [12, 5, 5, 5]).flat();
    const { state } = runPlan(gusts(cycles), digest);
    const last = Array.from({ length: 12 }, (_, cycle) => [
      `${cycle * 4} start yellow`,
      `${cycle * 4 + 3} clear yellow`,
    ]);
    expect(digestOnly(state)).to.deep.equal(last.flat().slice(-20));
  });

  it("is kept for 48 hours", () => {
    const calm = Array.from({ length: 60 }, () => 5);
    const digestOnlyAfter = (hours: number) =>
      digestOnly(runPlan(gusts([12, ...calm.slice(0, hours)]), digest).state);
    expect(digestOnlyAfter(48)).to.deep.equal(["0 start yellow", "3 clear yellow"]);
    expect(digestOnlyAfter(49)).to.deep.equal(["3 clear yellow"]);
    expect(digestOnlyAfter(52)).to.deep.equal([]);
  });

  it("is told like the others where the plan says message", () => {
    const { state, announced } = runPlan(gusts([12, 5, 5, 5]), planOf([GUST_RULE]));
    expect(announced.map(inShort)).to.deep.equal(["0 start yellow", "3 clear yellow"]);
    expect(state.events).to.deep.equal([]);
  });
});

describe("an all-clear that goes to the digest", () => {
  const toDigest = { ...GUST_RULE, allClear: "digest" } as const;
  const plan = planOf([toDigest]);

  it("is noted at the highest level that was told, and told to nobody", () => {
    const { state, announced } = runPlan(gusts([25, 35, 12, 5, 5, 5]), plan);
    expect(announced.map(inShort)).to.deep.equal(["0 start orange", "1 escalation red"]);
    expect(digestOnly(state)).to.deep.equal(["5 clear red"]);
    expect(state.events[0]).to.deep.include({
      value: 5,
      since: "2024-04-30T00:00:00Z",
      earlier: announced.map(({ id, time }) => ({ id, time })),
    });
    expect(state.hazards).to.deep.equal({});
  });

  it("is followed by a new start", () => {
    expect(announcedBy(plan, gusts([25, 5, 5, 5, 25]))).to.deep.equal(["0 start orange", "4 start orange"]);
  });

  it("is a message unless the rule says so", () => {
    for (const rule of [GUST_RULE, { ...GUST_RULE, allClear: "message" as const }]) {
      const { state, announced } = runPlan(gusts([25, 5, 5, 5]), planOf([rule]));
      expect(announced.map(inShort)).to.deep.equal(["0 start orange", "3 clear orange"]);
      expect(state.events).to.deep.equal([]);
    }
  });

  it("is a message where another rule of the hazard does not say so; other hazards do not matter", () => {
    const sustained = { ...GUST_RULE, measure: { metric: "windSpeed" as const } };
    const announced = ["0 start orange", "3 clear orange"];
    const windy = [25, 5, 5, 5].map((windGust, hour) => at(hour, { windGust, windSpeed: 5 }));
    expect(announcedBy(planOf([toDigest, sustained]), windy)).to.deep.equal(announced);
    expect(
      announcedBy(planOf([toDigest, { ...sustained, hazard: "wind-2" }]), gusts([25, 5, 5, 5])),
    ).to.deep.equal(["0 start orange"]);
  });

  it("does not wait for the end of quiet hours, which are for messages; it does for that of a silence", () => {
    const quiet = planOf([toDigest], { quietHours: { from: "02:00", to: "06:00" } });
    expect(digestOnly(runPlan(gusts([25, 5, 5, 5, 5, 5, 5]), quiet).state)).to.deep.equal(["3 clear orange"]);
    const silences = [{ from: "2024-04-30T02:00:00Z", until: "2024-04-30T06:00:00Z", reason: "works" }];
    const silent = planOf([toDigest], { silences });
    expect(digestOnly(runPlan(gusts([25, 5, 5, 5, 5, 5, 5]), silent).state)).to.deep.equal([
      "6 clear orange",
    ]);
  });

  it("is in the next digest, in a text that has room for it and in the mail", () => {
    const { state } = runPlan(gusts([25, 5, 5, 5]), plan);
    const { sms, email } = digestMessage(
      [{ location: { ...portoAlegre, timeZone: "UTC" }, state, watches: hazardWatches(plan.hazards, state) }],
      new Date("2024-04-30T04:00:00Z"),
      wordsOf("en"),
    );
    expect(sms).to.match(/^Summary 30 Apr 04:00: Porto Alegre no alerts, had ORANGE wind/);
    expect(email).to.include(
      "  Events of the last 24 h\n    30 Apr 03:00 ORANGE wind, end: gust 18 km/h (below 36 km/h)\n",
    );
  });
});

describe("an alert whose yellow went to the digest", () => {
  it("refers to it, for whoever reads CAP", () => {
    const { announced } = runPlan(gusts([12, 25, 5, 5, 5]), digest);
    const [start, clear] = announced;
    const yellow = { id: "porto-alegre/wind/2024-04-30T00:00:00Z/start", time: "2024-04-30T00:00:00Z" };
    expect(start?.earlier).to.deep.equal([yellow]);
    expect(clear?.earlier).to.deep.equal([yellow, { id: start?.id, time: start?.time }]);
  });
});

describe("an alert that goes on", () => {
  const repeating = { ...GUST_RULE, repeatEvery: "3h" };
  const plan = planOf([repeating]);
  const steady = (value: number, hours: number) => gusts(Array.from({ length: hours }, () => value));

  it("is not told again unless the rule says so", () => {
    expect(announcedBy(planOf([GUST_RULE]), steady(25, 240))).to.deep.equal(["0 start orange"]);
  });

  it("is told again when that is due, not before, with the value of then and what was told", () => {
    const { announced } = runPlan(gusts([25, 26, 27, 28, 29, 24, 23]), plan);
    expect(announced.map(inShort)).to.deep.equal(["0 start orange", "3 repeat orange", "6 repeat orange"]);
    expect(announced.map(({ value }) => value)).to.deep.equal([25, 28, 23]);
    expect(announced[2]).to.deep.include({
      since: "2024-04-30T00:00:00Z",
      earlier: announced.slice(0, 2).map(({ id, time }) => ({ id, time })),
    });
  });

  it("is told again while the value lies between the threshold and the clear bound", () => {
    expect(announcedBy(plan, gusts([25, 19, 19, 19]))).to.deep.equal(["0 start orange", "3 repeat orange"]);
  });

  it("is not told again on the unknown, nor when it only waits for its all-clear", () => {
    expect(announcedBy(plan, gusts([25, 25, 25, null, 25]))).to.deep.equal([
      "0 start orange",
      "4 repeat orange",
    ]);
    expect(announcedBy(plan, gusts([12, 12, 12, 5, 5, 5]))).to.deep.equal([
      "0 start yellow",
      "5 clear yellow",
    ]);
  });

  it("starts to wait anew when it rises", () => {
    expect(announcedBy(plan, gusts([12, 12, 25, 25, 25, 25]))).to.deep.equal([
      "0 start yellow",
      "2 escalation orange",
      "5 repeat orange",
    ]);
  });

  it("is told again once after quiet hours; red also in them", () => {
    const quiet = planOf([repeating], { quietHours: { from: "02:00", to: "08:00" } });
    expect(announcedBy(quiet, steady(25, 12))).to.deep.equal([
      "0 start orange",
      "8 repeat orange",
      "11 repeat orange",
    ]);
    expect(announcedBy(quiet, steady(35, 8))).to.deep.equal(["0 start red", "3 repeat red", "6 repeat red"]);
  });

  it("is told again as often as the most insistent of the rules that hold its level", () => {
    const sustained = { ...GUST_RULE, measure: { metric: "windSpeed" as const }, repeatEvery: "1h" };
    expect(announcedBy(planOf([repeating, sustained]), steady(25, 3))).to.deep.equal(["0 start orange"]);
    const both = steady(25, 3).map((observation) => ({
      ...observation,
      values: { windGust: 25, windSpeed: 22 },
    }));
    expect(announcedBy(planOf([repeating, sustained]), both)).to.deep.equal([
      "0 start orange",
      "1 repeat orange",
      "2 repeat orange",
    ]);
  });

  it("is not told again at yellow where yellow goes to the digest", () => {
    const quiet = planOf([repeating], { yellow: "digest" });
    expect(announcedBy(quiet, gusts([25, 12, 12, 12, 12, 12, 12, 12]))).to.deep.equal(["0 start orange"]);
  });

  it("refers to the last twenty messages at most", () => {
    const { announced } = runPlan(steady(25, 100), plan);
    const last = announced.at(-1);
    expect(announced).to.have.lengthOf(34);
    expect(last?.earlier?.map(({ id }) => id)).to.deep.equal(announced.slice(-21, -1).map(({ id }) => id));
  });
});
