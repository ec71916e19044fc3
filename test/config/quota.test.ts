import { expect } from "chai";
import { callsOf, longestSpanSeconds, quotaWarning, shortestIntervalSeconds } from "../../config/polling.ts";
import { good, parse } from "../infra/stack-config.ts";

const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
const one = { a: place };
const two = { a: place, b: place };
const tomorrow = { provider: "tomorrow.io", callsPerDay: 500, callsPerHour: 25 } as const;
const openMeteo = { provider: "open-meteo", callsPerDay: 9_999, callsPerHour: undefined } as const;

describe("quota of the weather API", () => {
  it("is counted in calls a day: one a place for Tomorrow.io, one in all for Open-Meteo", () => {
    expect(callsOf({ poll: "rate(5 minutes)", source: tomorrow }, 1).aDay).to.equal(288);
    expect(callsOf({ poll: "rate(5 minutes)", source: tomorrow }, 2).aDay).to.equal(576);
    expect(callsOf({ poll: "rate(5 minutes)", source: openMeteo }, 2).aDay).to.equal(288);
    expect(callsOf({ poll: "cron(0/15 6-17 * * ? *)", source: tomorrow }, 1).aDay).to.equal(48);
  });

  it("is counted on the busiest day, and in the busiest sixty minutes", () => {
    const weekend = { poll: "cron(0/2 * ? * SAT *)", source: tomorrow };
    expect(callsOf(weekend, 1).aDay, "the sample begins on a Monday").to.equal(720);
    expect(callsOf({ poll: "rate(5 minutes)", source: tomorrow }, 2).anHour).to.equal(24);
    const atTheTurn = { poll: "cron(50-59,0-9 * * * ? *)", source: tomorrow };
    expect(callsOf(atTheTurn, 1).anHour).to.equal(20);
    expect(callsOf({ poll: "rate(7 minutes)", source: tomorrow }, 1).anHour).to.equal(9);
  });

  it("knows how long so many polls take where they lie furthest apart", () => {
    expect(longestSpanSeconds("rate(5 minutes)", 3)).to.equal(900);
    expect(longestSpanSeconds("cron(0/15 * * * ? *)", 3)).to.equal(2700);
    expect(longestSpanSeconds("cron(0/15 6-17 * * ? *)", 3), "over the night").to.equal(12.25 * 3600 + 1800);
    expect(longestSpanSeconds("cron(0 12 ? * MON-FRI *)", 1), "over the weekend").to.equal(3 * 86_400);
    expect(longestSpanSeconds("cron(0 0 1 1 ? *)", 2), "over two years").to.equal(730 * 86_400);
    expect(longestSpanSeconds("cron(0 0 1 1 ? 2030)", 3), "never so often").to.equal(0);
  });

  it("is warned of by the hour where only the day would carry it", () => {
    const byDay = { poll: "cron(0/2 8-15 * * ? *)", source: tomorrow, locations: one };
    expect(callsOf(byDay, 1).aDay).to.equal(240);
    expect(quotaWarning(byDay)).to.equal(
      "cron(0/2 8-15 * * ? *) over 1 location makes 30 calls an hour of tomorrow.io, whose plan allows 25: poll less often, or set stormwire:source.callsPerHour to what your plan allows",
    );
    expect(quotaWarning({ ...byDay, source: { ...tomorrow, callsPerHour: undefined } })).to.equal(undefined);
  });

  for (const [schedule, seconds] of [
    ["rate(5 minutes)", 300],
    ["cron(0/5 6-20 * * ? *)", 300],
    ["cron(0,20 * * * ? *)", 1200],
    ["cron(0 6 ? * MON *)", Number.POSITIVE_INFINITY],
  ] as const) {
    it(`knows the shortest interval of ${schedule}`, () => {
      expect(shortestIntervalSeconds(schedule)).to.equal(seconds);
    });
  }

  it("takes so many places in place of config's", () => {
    const config = { poll: "rate(1 hour)", source: tomorrow, locations: one };
    expect(quotaWarning(config, 20)).to.equal(undefined);
    expect(quotaWarning(config, 21)).to.match(/over 21 locations makes 504 calls a day/);
  });

  it("is the provider's free plan, unless config names another", () => {
    const sourceOf = (source: object) => parse({ ...good, source }).source;
    expect(sourceOf({ provider: "tomorrow.io" })).to.deep.include({ callsPerDay: 500, callsPerHour: 25 });
    expect(sourceOf({ provider: "open-meteo" })).to.deep.include({
      callsPerDay: 9999,
      callsPerHour: undefined,
    });
    const paid = { provider: "tomorrow.io", callsPerDay: 10_000 };
    expect(sourceOf(paid), "a plan of one's own").to.deep.include({ callsPerHour: undefined });
    expect(sourceOf({ ...paid, callsPerHour: 500 })).to.deep.include({ callsPerHour: 500 });
  });

  it("is warned of only where the plan is too small", () => {
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: one })).to.equal(undefined);
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: two })).to.equal(
      "rate(5 minutes) over 2 locations makes 576 calls a day of tomorrow.io, whose plan allows 500: poll less often, or set stormwire:source.callsPerDay to what your plan allows",
    );
  });
});
