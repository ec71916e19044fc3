import { RunError, runtime } from "@pulumi/pulumi";
import { expect } from "chai";
import { parseConfig } from "../../config/check.ts";
import { missedTimes, skippedTimes } from "../../config/checks/schedules.ts";
import { readConfig } from "../../config/config.ts";
import { ConfigError } from "../../config/problem.ts";

const NOW = new Date("2026-12-24T21:00:00Z");
const CHRISTMAS = {
  at: "2026-12-24T18:00:00",
  timeZone: "America/Sao_Paulo",
  text: "Natal",
  audience: "all",
};
const messages = (at: string, timeZone = "America/Sao_Paulo") => ({
  siren: { at, timeZone, text: "Test", audience: "all" as const },
});

describe("one-off messages in config", () => {
  it("may be of any time still to come, told by the clock of their zone", () => {
    expect(missedTimes(messages("2026-12-24T18:00:01"), NOW)).to.deep.equal([]);
    expect(missedTimes(messages("2026-12-24T21:00:01", "UTC"), NOW)).to.deep.equal([]);
    expect(missedTimes(messages("2026-12-25T06:00:01", "Asia/Tokyo"), NOW)).to.deep.equal([]);
  });

  it("are refused once their time has come, with path, value, what is allowed and both ways out", () => {
    expect(missedTimes(messages("2026-12-24T18:00:00"), NOW)).to.deep.equal([
      {
        path: ["messages", "siren", "at"],
        found: "2026-12-24T18:00:00",
        allowed: "a time still to come in America/Sao_Paulo; it is now 2026-12-24T18:00:00 there",
        fix:
          "pulumi config set --path stormwire:messages.siren.at -- 2026-12-25T18:00:00, " +
          "or pulumi config rm --path stormwire:messages.siren",
      },
    ]);
    expect(missedTimes(messages("2026-12-25T06:00:00", "Asia/Tokyo"), NOW)).to.have.length(1);
  });

  it("count by their first pass through an hour that is twice", () => {
    const twice = messages("2024-11-03T01:30:00", "America/New_York");

    expect(missedTimes(twice, new Date("2024-11-03T05:29:59Z"))).to.deep.equal([]);
    expect(missedTimes(twice, new Date("2024-11-03T05:30:00Z"))).to.have.length(1);
  });

  it("are refused in an hour that does not exist, whatever the time is now", () => {
    const [problem, ...others] = skippedTimes(messages("2027-03-14T02:30:00", "America/New_York"));

    expect(others).to.deep.equal([]);
    expect(problem).to.deep.include({ path: ["messages", "siren", "at"], found: "2027-03-14T02:30:00" });
    expect(problem?.allowed).to.equal(
      "a time that the clocks of America/New_York show; they skip this one when daylight saving time begins",
    );
    expect(problem?.fix).to.match(/ -- 2027-03-14T03:30:00, or /);
    expect(skippedTimes(messages("2027-03-14T03:00:00", "America/New_York"))).to.deep.equal([]);
    expect(skippedTimes(messages("2027-03-14T02:30:00"))).to.deep.equal([]);
  });

  it("leave messages on cron and rate alone", () => {
    const recurring = {
      daily: { cron: "0 7 * * ? *", timeZone: "UTC", digest: true, audience: "all" },
      often: { rate: "12 hours", timeZone: "UTC", digest: true, audience: "all" },
    } as const;

    expect([...missedTimes(recurring, NOW), ...skippedTimes(recurring)]).to.deep.equal([]);
  });

  it("are checked along with everything else, and against the clock only when told the time", () => {
    const values = config({ missed: { ...CHRISTMAS, audience: ["nobody"] } });
    const paths = (now?: Date) => problemsOf(() => parseConfig(values, "dev", now));

    expect(paths(NOW)).to.deep.equal(["messages.missed.audience.0", "messages.missed.at"]);
    expect(paths()).to.deep.equal(["messages.missed.audience.0"]);
  });
});

describe("recurring schedules in config", () => {
  const thisYear = { cron: "0 18 24 12 ? 2026", timeZone: "America/Sao_Paulo", text: "Natal" };
  const scheduled = (poll: string, message: object) => ({
    ...config({ siren: message }),
    "stormwire:poll": poll,
    "stormwire:lake": JSON.stringify({
      schedule: "cron(0 6 1 1 ? 2026)",
      jobSchedule: "cron(30 9 1 1 ? 2026)",
    }),
  });

  it("are refused once they have run for the last time, each by its own clock", () => {
    const paths = (now?: Date) =>
      problemsOf(() => parseConfig(scheduled("cron(0 0 1 1 ? 2026)", thisYear), "dev", now));

    expect(paths(NOW)).to.deep.equal(["poll", "lake.schedule", "lake.jobSchedule", "messages.siren.cron"]);
    expect(paths(new Date("2026-12-24T20:59:59Z")), "18:00 in São Paulo is 21:00 UTC").not.to.include(
      "messages.siren.cron",
    );
    expect(paths(), "without a clock").to.deep.equal([]);
  });

  it("have fixes that come due in any year", () => {
    const read = () => parseConfig(scheduled("cron(0 0 1 1 ? 2020-2026)", thisYear), "dev", NOW);

    expect(read).to.throw(ConfigError).with.property("message").that.includes("poll -- 'cron(0 0 1 1 ? *)'");
  });

  it("say what they are and what time it is", () => {
    const read = () => parseConfig(scheduled("rate(1 hour)", thisYear), "dev", NOW);

    expect(read).to.throw(
      [
        "  stormwire:messages.siren.cron",
        '    found    "0 18 24 12 ? 2026"',
        "    allowed  a schedule that comes due again; it is now 2026-12-24T18:00:00 in America/Sao_Paulo",
        "    fix      pulumi config set --path stormwire:messages.siren.cron -- '0 18 24 12 ? *'",
      ].join("\n"),
    );
  });

  it("never come due on a day that there is not, whatever the time is now", () => {
    const never = { ...thisYear, cron: "0 6 31 2 ? *" };

    expect(problemsOf(() => parseConfig(scheduled("cron(0 6 30 2 ? *)", never), "dev"))).to.have.members([
      "poll",
      "messages.siren.cron",
    ]);
  });
});

describe("the program's config", () => {
  const passed = config({ passed: { ...CHRISTMAS, at: "2024-05-02T18:00:00" } });
  after(async () => {
    await runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) });
    runtime.setAllConfig({});
  });

  async function read(preview: boolean) {
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await runtime.setMocks(mocks, "stormwire", "dev", preview);
    runtime.setAllConfig(passed);
    return readConfig();
  }

  it("is refused by a preview with a one-off message of the past", async () => {
    const error = await read(true).catch((caught: unknown) => caught);

    expect(RunError.isInstance(error)).to.equal(true);
    expect(String(error)).to.match(/messages\.passed\.at\n.*2024-05-02T18:00:00.*\n.*a time still to come/);
  });

  it("is taken by an update and by the local run, whose clock is the recording's", async () => {
    expect((await read(false)).messages).to.have.property("passed");
  });
});

function config(sent: Record<string, unknown>): Record<string, string> {
  const place = { name: "Here", latitude: -30, longitude: -51, timeZone: "America/Sao_Paulo" };
  return {
    "stormwire:locations": JSON.stringify({ here: place }),
    "stormwire:apiKey": "key",
    "stormwire:opsEmail": "ops@example.org",
    "stormwire:messages": JSON.stringify(sent),
  };
}

function problemsOf(parse: () => unknown): string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path.join("."));
    throw error;
  }
  return [];
}
