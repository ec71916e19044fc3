import { expect } from "chai";
import { callsPerDay, quotaWarning } from "../../infra/quota.ts";

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

  it("is warned of only where the plan is too small", () => {
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: one })).to.equal(undefined);
    expect(quotaWarning({ poll: "rate(5 minutes)", source: tomorrow, locations: two })).to.equal(
      "rate(5 minutes) over 2 places makes 576 calls a day of tomorrow.io, whose plan allows 500: poll less often, or set stormwire:source.callsPerDay to what your plan allows",
    );
  });
});
