import { expect } from "chai";
import { parseOptions } from "../../../cli/cost/options.ts";
import { runCommandLine } from "../command-line.ts";

const TYPED = { stack: "dev", assume: [], freeTier: true, json: false };

describe("options of npm run cost", () => {
  it("are the dev stack and nothing else by default", () => {
    expect(parseOptions(TYPED)).to.deep.include({
      stack: "dev",
      locations: undefined,
      poll: undefined,
      assumptions: {},
      freeTier: true,
      json: false,
    });
  });

  it("take a poll as people write it, or as EventBridge does", () => {
    const poll = (text: string) => parseOptions({ ...TYPED, poll: text }).poll;
    expect(poll("5m")).to.equal("rate(5 minutes)");
    expect(poll("1h")).to.equal("rate(1 hour)");
    expect(poll("2d")).to.equal("rate(2 days)");
    expect(poll("cron(0/15 6-17 * * ? *)")).to.equal("cron(0/15 6-17 * * ? *)");
  });

  it("take assumptions by name, and the two of them that matter most by an option", () => {
    const assumptions = parseOptions({
      ...TYPED,
      alerts: "30",
      queries: "0",
      assume: ["crawlDpus=2"],
    }).assumptions;
    expect(assumptions).to.deep.equal({ alertsPerPlace: 30, queries: 0, crawlDpus: 2 });
  });

  for (const [argv, message] of [
    [["--locations", "0"], "--locations 0 is not allowed: a whole number, 1 to 100000"],
    [["--locations", "1.5"], "--locations 1.5 is not allowed: a whole number, 1 to 100000"],
    [
      ["--poll", "0m"],
      "--poll 0m is not allowed: 1m to 9999d (m, h or d), or rate(…) or cron(…) of EventBridge",
    ],
    [
      ["--poll", "30s"],
      "--poll 30s is not allowed: 1m to 9999d (m, h or d), or rate(…) or cron(…) of EventBridge",
    ],
    [["--phones", "many"], "--phones many is not allowed: a whole number, 0 to 1000000"],
    [["--sms-price", "11"], "--sms-price 11 is not allowed: a number, 0 to 10"],
    [["--alerts", "1e9"], "--alerts 1e9 is not allowed: a number, 0 to 10000"],
    [["--assume", "crawlMinutes=5"], "--assume crawlMinutes 5 is not allowed: a number, 10 to 1440"],
    [["--locations", "-5"], "--locations -5 is not allowed: a whole number, 1 to 100000"],
    [["--assume", "queries=-1"], "--assume queries -1 is not allowed: a number, 0 to 10000000"],
  ] as const) {
    it(`reject ${argv.join(" ")}`, async () => {
      expect(await runCommandLine(["cost", ...argv])).to.deep.equal({
        code: 2,
        out: "",
        error: `${message}\n`,
      });
    });
  }

  it("refuse an assumption that there is not, and name those that there are", () => {
    expect(() => parseOptions({ ...TYPED, assume: ["magic=1"] })).to.throw(
      /^--assume magic=1 is not allowed: NAME=NUMBER with one of the names alertsPerPlace, .*, month$/,
    );
  });
});
