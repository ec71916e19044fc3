import { expect } from "chai";
import { failure, good, parse } from "../infra/stack-config.ts";

const digest = { cron: "0 7 * * ? *", timeZone: "UTC", digest: true };
const hail = {
  hazard: "hail",
  measure: { metric: "rainIntensity" },
  levels: { red: 50 },
  allClear: "digest",
};

/** What the one problem of a config without a digest says is lost. */
function lost(config: Record<string, unknown>): string | undefined {
  const [problem, ...others] = failure({ ...good, ...config }).problems;
  expect(others).to.deep.equal([]);
  expect(problem).to.deep.include({ path: ["messages"], found: "no digest by cron or rate" });
  return problem?.allowed.replace("one or more, because otherwise no message announces ", "");
}

describe("what waits for a digest that nobody gets", () => {
  it("is a problem of config, with the commands that make a digest", () => {
    const [problem] = failure({ ...good, rules: { preset: "inmet", yellow: "digest" } }).problems;

    expect(problem?.fix).to.equal(
      "pulumi config set --path stormwire:messages.daily-digest.cron -- '0 7 * * ? *' && " +
        "pulumi config set --path stormwire:messages.daily-digest.timeZone -- America/Sao_Paulo && " +
        "pulumi config set --path stormwire:messages.daily-digest.digest -- true",
    );
  });

  it("are yellow alerts, and the ends of hazards, with whose rules say so", () => {
    expect(lost({ rules: { preset: "inmet", yellow: "digest" } })).to.equal(
      "yellow alerts (rules.yellow: digest)",
    );
    expect(lost({ rules: { preset: "basic" } })).to.equal(
      "the end of precipitation, wind, gust, rain (allClear: digest of preset basic)",
    );
    expect(lost({ rules: { preset: "inmet", yellow: "digest", hazards: [hail] } })).to.equal(
      "yellow alerts (rules.yellow: digest); the end of hail (allClear: digest of own rules)",
    );
  });

  it("may be a place's own", () => {
    const [place] = Object.values(good.locations);
    expect(lost({ locations: { a: { ...place, rules: { hazards: [hail] } } } })).to.equal(
      "the end of hail (allClear: digest of own rules)",
    );
  });

  it("is lost although a digest comes once", () => {
    const { cron: _, ...once } = { ...digest, at: "2030-01-01T07:00:00" };

    expect(lost({ rules: { preset: "basic" }, messages: { once } })).to.match(/^the end of precipitation/);
  });

  it("is nothing where a digest comes again and again, no rule has a yellow level, or the hazard is off", () => {
    parse({ ...good, rules: { preset: "basic", yellow: "digest" }, messages: { digest } });
    const { cron: _, ...daily } = { ...digest, rate: "1 day" };
    parse({ ...good, rules: { preset: "inmet", yellow: "digest" }, messages: { daily } });
    parse({ ...good, rules: { preset: "inmet", hazards: [hail], off: ["hail"] } });
    parse({
      ...good,
      rules: { preset: "inmet", yellow: "digest", off: ["rain", "wind", "dry-air"] },
    });
  });

  it("is nothing where another rule of the hazard tells its end aloud", () => {
    const aloud = {
      ...hail,
      measure: { metric: "rainIntensity", over: "3h", as: "sum" },
      allClear: "message",
    };

    parse({ ...good, rules: { preset: "inmet", hazards: [hail, aloud] } });
  });
});
