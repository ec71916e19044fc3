import { expect } from "chai";
import { callsPerDay, longestSpanSeconds, quotaWarning } from "../../infra/quota.ts";

const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
const one = { a: place };
const two = { a: place, b: place };
const tomorrow = { provider: "tomorrow.io", callsPerDay: 500 } as const;
const openMeteo = { provider: "open-meteo", callsPerDay: 9_999 } as const;

describe("quota of the weather API", () => {
  it("is counted in calls a day: one a place for Tomorrow.io, one in all for Open-Meteo", () => {
    expect(callsPerDay({ poll: "rate(5 minutes)", source: tomorrow, locations: one })).to.equal(288);
    expect(callsPerDay({ poll: "rate(5 minutes)", source: tomorrow, locations: two })).to.equal(576);
    expect(callsPerDay({ poll: "rate(5 minutes)", source: openMeteo, locations: two })).to.equal(288);
    expect(callsPerDay({ poll: "cron(0/15 6-17 * * ? *)", source: tomorrow, locations: one })).to.equal(48);
  });

  it("knows how long so many polls take where they lie furthest apart", () => {
    expect(longestSpanSeconds("rate(5 minutes)", 3)).to.equal(900);
    expect(longestSpanSeconds("cron(0/15 * * * ? *)", 3)).to.equal(2700);
    expect(longestSpanSeconds("cron(0/15 6-17 * * ? *)", 3), "over the night").to.equal(12.25 * 3600 + 1800);
    expect(longestSpanSeconds("cron(0 12 ? * MON-FRI *)", 1), "over the weekend").to.equal(3 * 86_400);
    expect(longestSpanSeconds("cron(0 0 1 1 ? *)", 2), "over two years").to.equal(730 * 86_400);
    expect(longestSpanSeconds("cron(0 0 1 1 ? 2030)", 3), "never so often").to.equal(0);
  });

  it("is warned of only where the plan is too small", () => {
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: one })).to.equal(undefined);
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: two })).to.equal(
      "rate(5 minutes) over 2 places makes 576 calls a day of tomorrow.io, whose plan allows 500: poll less often, or set stormwire:source.callsPerDay to what your plan allows",
    );
  });
});
