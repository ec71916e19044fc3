import { expect } from "chai";
import { failure, good, parse, portoAlegre } from "../infra/stack-config.ts";

describe("stack config", () => {
  it("fills in what a first-time user leaves out", () => {
    const config = parse(good);

    expect(config.poll).to.equal("rate(5 minutes)");
    expect(config.source).to.deep.equal({ provider: "tomorrow.io", callsPerDay: 500, callsPerHour: 25 });
    expect(config.stream).to.deep.equal({ mode: "provisioned", shards: 1, retentionHours: 24 });
    expect(config.rules).to.deep.equal({
      preset: "inmet",
      hazards: [],
      off: [],
      yellow: "message",
      doubtful: "send",
    });
    expect(config.protect, "nothing is deleted by accident unless config says so").to.equal(true);
  });

  it("reads numbers and booleans, which Pulumi passes as text", () => {
    const config = parse({ ...good, logRetentionDays: 7, protect: false });

    expect(config.logRetentionDays).to.equal(7);
    expect(config.protect).to.equal(false);
  });

  it("keeps a key of digits as text", () => {
    expect(parse({ ...good, apiKey: "12345" }).apiKey).to.equal("12345");
  });

  it("lists every problem in one error, each with key path, value, what is allowed and the command", () => {
    const error = failure({
      ...good,
      poll: "every five minutes",
      subscriptions: { "duty-officer": { sms: "051 9999", level: "violet" }, mail: { email: "nobody" } },
    });

    expect(error.problems).to.have.length(4);
    expect(error.message).to.include('The config of stack "dev" has 4 problems:');
    expect(error.message).to.include(
      [
        "  stormwire:subscriptions.duty-officer.sms",
        '    found    "…99 (8 characters, 7 digits)"',
        "    allowed  the number of a mobile phone in E.164: + and 7 to 15 digits",
        "    fix      pulumi config set --path --secret stormwire:subscriptions.duty-officer.sms -- +12025550100",
      ].join("\n"),
    );
    expect(error.message).to.include(
      [
        "  stormwire:subscriptions.duty-officer.level",
        '    found    "violet"',
        "    allowed  one of yellow, orange, red",
        "    fix      pulumi config set --path stormwire:subscriptions.duty-officer.level -- orange",
      ].join("\n"),
    );
  });

  it("names the nearest key for an unknown one, and keeps its value in the fix", () => {
    const error = failure({
      ...good,
      subscriptions: { me: { smss: "+12025550100" } },
      polls: "rate(1 hour)",
    });

    expect(error.message).to.include("no such key; did you mean poll?");
    expect(error.message).to.include(
      "pulumi config rm stormwire:polls && pulumi config set stormwire:poll -- 'rate(1 hour)'",
    );
    expect(error.message).to.include(
      "no such key; did you mean sms? Known keys: sms, email, level, locations",
    );
  });

  it("takes a runbook that a phone can open, and nothing that AWS would read as a variable or cut off", () => {
    const longest = `https://example.org/${"r".repeat(80)}`;

    expect(parse({ ...good, runbookUrl: longest }).runbookUrl).to.have.length(100);
    for (const url of [`${longest}r`, "http://example.org/r", "docs/runbook.md", "https://a.org/<b>#c"]) {
      const { problems } = failure({ ...good, runbookUrl: url });
      expect(problems.map(({ path }) => path)).to.deep.equal([["runbookUrl"]]);
    }
  });

  it("says what a whole missing section must look like", () => {
    const error = failure({ apiKey: "key" });

    expect(error.message).to.match(
      /stormwire:locations\n {4}found {4}nothing\n {4}allowed {2}one or more locations by name/,
    );
  });

  it("asks for an API key with Tomorrow.io only", () => {
    const { apiKey: _, ...withoutKey } = good;

    expect(failure(withoutKey).message).to.include("pulumi config set --secret stormwire:apiKey -- KEY");
    expect(parse({ ...withoutKey, source: { provider: "open-meteo" } }).apiKey).to.equal(undefined);
  });

  it("refuses places and audiences that do not exist, naming those that do", () => {
    const error = failure({
      ...good,
      subscriptions: { me: { sms: "+12025550100", locations: ["porto-alegre", "atlantis"] } },
      messages: { siren: { cron: "0 12 * * ? *", timeZone: "UTC", text: "Test", audience: ["you"] } },
    });

    expect(error.problems.map(({ path }) => path.join("."))).to.deep.equal([
      "subscriptions.me.locations.1",
      "messages.siren.audience.0",
    ]);
    expect(error.message).to.include("did you mean porto-alegre? Known locations: porto-alegre");
    expect(error.message).to.include("Known subscriptions, groups and webhooks: me");
  });

  it("wants exactly one of cron, rate and at, and one of text, digest and drill", () => {
    const both = { cron: "0 12 * * ? *", at: "2026-12-24T18:00:00", timeZone: "UTC", text: "Test" };
    const neither = { timeZone: "UTC", digest: true };

    expect(failure({ ...good, messages: { both } }).message).to.include(
      "an object with one of cron, rate and at, with timeZone, and with one of text, digest and drill",
    );
    expect(failure({ ...good, messages: { neither } }).message).to.include("stormwire:messages.neither");
  });

  it("refuses a time zone, a cron expression and a retention that AWS would refuse", () => {
    const error = failure({
      locations: { here: { ...portoAlegre, timeZone: "America/Porto_Alegre" } },
      apiKey: "key",
      lake: { schedule: "cron(0 7 * * *)" },
      logRetentionDays: 8,
    });

    expect(error.problems.map(({ path }) => path.join("."))).to.have.members([
      "locations.here.timeZone",
      "lake.schedule",
      "logRetentionDays",
    ]);
  });

  it("refuses two rules for one measure and levels out of order", () => {
    const rain = { hazard: "rain", measure: { metric: "rainIntensity" }, levels: { orange: 20, red: 10 } };

    expect(failure({ ...good, rules: { preset: "inmet", hazards: [rain] } }).message).to.include(
      "red 10 must be above orange 20",
    );
  });
});
