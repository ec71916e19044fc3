import { expect } from "chai";
import { silenceRule } from "../../config/polling.ts";

describe("when a station counts as silent", () => {
  it("is so many polls after its last observation, which may be a quarter of an hour old when it is polled", () => {
    expect(silenceRule("rate(1 hour)", 3)).to.deep.equal({ silentAfterSeconds: 11_700, pollSeconds: 3600 });
    expect(silenceRule("rate(15 minutes)", 1)).to.deep.equal({ silentAfterSeconds: 1800, pollSeconds: 900 });
  });

  it("is half an hour at least, however often it is polled", () => {
    expect(silenceRule("rate(1 minute)", 3)).to.deep.equal({ silentAfterSeconds: 1800, pollSeconds: 60 });
  });

  it("takes the longest rest of the schedule for one poll like the others", () => {
    expect(silenceRule("cron(0/15 6-17 * * ? *)", 1).silentAfterSeconds).to.equal(12.5 * 3600);
  });

  it("knows no poll interval below a minute, even of a schedule that runs once", () => {
    expect(silenceRule("cron(0 0 1 1 ? 2030)", 3)).to.deep.equal({
      silentAfterSeconds: 1800,
      pollSeconds: 60,
    });
  });
});
