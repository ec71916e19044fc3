import { expect } from "chai";
import * as fc from "fast-check";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  ScheduleExpressionError,
} from "../../lib/schedule-expression.ts";
import { wallClockMillis } from "../../lib/time-zone.ts";

const NEW_YORK = "America/New_York";

function runs(text: string, from: string, count: number, timeZone = "UTC"): string[] {
  const expression = parseScheduleExpression(text);
  const found: string[] = [];
  let last = new Date(from);
  while (found.length < count) {
    const next = nextRun(expression, last, timeZone);
    if (next === undefined) break;
    found.push(next.toISOString().replace(":00.000Z", "Z"));
    last = next;
  }
  return found;
}

describe("schedule expressions: times", () => {
  const cases: [string, string, string[]][] = [
    ["rate(1 minute)", "2024-04-29T00:00:00Z", ["2024-04-29T00:01Z", "2024-04-29T00:02Z"]],
    ["rate(5 minutes)", "2024-04-29T00:02:00Z", ["2024-04-29T00:07Z", "2024-04-29T00:12Z"]],
    ["rate(2 days)", "2024-04-29T00:00:00Z", ["2024-05-01T00:00Z"]],
    ["cron(0/20 * * * ? *)", "2024-04-29T00:00:00Z", ["2024-04-29T00:20Z", "2024-04-29T00:40Z"]],
    ["cron(5/20 * * * ? *)", "2024-04-29T00:46:00Z", ["2024-04-29T01:05Z"]],
    ["cron(0 8 ? * 2 *)", "2024-05-01T00:00:00Z", ["2024-05-06T08:00Z"]],
    ["cron(0 8 ? * MON-FRI *)", "2024-05-03T08:00:00Z", ["2024-05-06T08:00Z"]],
    ["cron(0 8 ? * 1,7 *)", "2024-05-01T00:00:00Z", ["2024-05-04T08:00Z", "2024-05-05T08:00Z"]],
    ["cron(0 8 ? * L *)", "2024-05-01T00:00:00Z", ["2024-05-04T08:00Z", "2024-05-11T08:00Z"]],
    ["cron(0 8 ? * 6L *)", "2024-05-01T00:00:00Z", ["2024-05-31T08:00Z", "2024-06-28T08:00Z"]],
    ["cron(0 8 ? * FRI#2 *)", "2024-05-01T00:00:00Z", ["2024-05-10T08:00Z", "2024-06-14T08:00Z"]],
    ["cron(0 8 L * ? *)", "2024-02-01T00:00:00Z", ["2024-02-29T08:00Z", "2024-03-31T08:00Z"]],
    ["cron(0 8 15W * ? *)", "2024-06-01T00:00:00Z", ["2024-06-14T08:00Z", "2024-07-15T08:00Z"]],
    ["cron(15 10 ? * 6L 2024-2025)", "2025-12-01T00:00:00Z", ["2025-12-26T10:15Z"]],
    ["cron(0 0 1 jan ? *)", "2024-04-29T00:00:00Z", ["2025-01-01T00:00Z"]],
    ["cron(0 12 * * ? 2023)", "2024-04-29T00:00:00Z", []],
    ["cron(0 0 31 2 ? *)", "2024-04-29T00:00:00Z", []],
    ["at(2024-04-30T12:00:00)", "2024-04-29T00:00:00Z", ["2024-04-30T12:00Z"]],
    ["at(2024-04-30T12:00:00)", "2024-04-30T12:00:00Z", []],
  ];
  for (const [text, from, expected] of cases)
    it(`${text} after ${from}`, () => {
      expect(runs(text, from, expected.length || 1)).to.deep.equal(expected);
    });

  it("takes milliseconds of the time before into account", () => {
    expect(runs("cron(0 8 * * ? *)", "2024-04-29T07:59:59.999Z", 1)).to.deep.equal(["2024-04-29T08:00Z"]);
  });

  it("always moves forward", () => {
    const expressions = ["cron(0/7 1-3 ? * SUN *)", "cron(30 2 L * ? *)", "rate(3 hours)"].map((text) =>
      parseScheduleExpression(text),
    );
    const year = {
      min: new Date("2024-01-01T00:00:00Z"),
      max: new Date("2025-01-01T00:00:00Z"),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.constantFrom(...expressions), fc.date(year), (expression, after) => {
        const next = nextRun(expression, after, NEW_YORK);
        expect(next?.getTime()).to.be.greaterThan(after.getTime());
      }),
      { numRuns: 60 },
    );
  });
});

describe("schedule expressions: time zones and daylight saving time", () => {
  it("keeps the wall clock across both changes", () => {
    expect(runs("cron(0 8 * * ? *)", "2024-03-09T00:00:00Z", 2, NEW_YORK)).to.deep.equal([
      "2024-03-09T13:00Z",
      "2024-03-10T12:00Z",
    ]);
    expect(runs("cron(0 8 * * ? *)", "2024-11-02T00:00:00Z", 2, NEW_YORK)).to.deep.equal([
      "2024-11-02T12:00Z",
      "2024-11-03T13:00Z",
    ]);
  });

  it("skips an hour that does not exist", () => {
    expect(runs("cron(30 2 * * ? *)", "2024-03-09T00:00:00Z", 2, NEW_YORK)).to.deep.equal([
      "2024-03-09T07:30Z",
      "2024-03-11T06:30Z",
    ]);
    expect(runs("at(2024-03-10T02:30:00)", "2024-03-09T00:00:00Z", 1, NEW_YORK)).to.deep.equal([]);
  });

  it("runs an hour that comes twice once, also when asked within its second pass", () => {
    const expected = ["2024-11-03T05:30Z", "2024-11-04T06:30Z"];
    expect(runs("cron(30 1 * * ? *)", "2024-11-03T00:00:00Z", 2, NEW_YORK)).to.deep.equal(expected);
    expect(runs("cron(0/15 * * * ? *)", "2024-11-03T06:10:00Z", 1, NEW_YORK)).to.deep.equal([
      "2024-11-03T07:00Z",
    ]);
    expect(runs("at(2024-11-03T01:30:00)", "2024-11-03T00:00:00Z", 1, NEW_YORK)).to.deep.equal([
      "2024-11-03T05:30Z",
    ]);
  });

  it("counts a rate in hours that pass, whatever the clock shows", () => {
    expect(runs("rate(1 day)", "2024-03-09T07:30:00Z", 2, NEW_YORK)).to.deep.equal([
      "2024-03-10T07:30Z",
      "2024-03-11T07:30Z",
    ]);
    expect(runs("rate(12 hours)", "2024-11-03T00:00:00Z", 2, NEW_YORK)).to.deep.equal([
      "2024-11-03T12:00Z",
      "2024-11-04T00:00Z",
    ]);
  });

  it("knows other changes than an hour at two o'clock", () => {
    // São Paulo until 2018: midnight is skipped. Lord Howe Island: half an hour. Samoa, 2011: a whole day.
    expect(runs("cron(30 0 * * ? *)", "2018-11-03T00:00:00Z", 2, "America/Sao_Paulo")).to.deep.equal([
      "2018-11-03T03:30Z",
      "2018-11-05T02:30Z",
    ]);
    expect(runs("cron(15 2 * * ? *)", "2024-10-05T00:00:00Z", 2, "Australia/Lord_Howe")).to.deep.equal([
      "2024-10-06T15:15Z",
      "2024-10-07T15:15Z",
    ]);
    expect(runs("cron(0 12 * * ? *)", "2011-12-29T00:00:00Z", 2, "Pacific/Apia")).to.deep.equal([
      "2011-12-29T22:00Z",
      "2011-12-30T22:00Z",
    ]);
  });

  it("runs each wall-clock time at most once a day, at that very time", () => {
    const zones = [NEW_YORK, "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo", "Europe/Lisbon"];
    const clock = fc.record({
      zone: fc.constantFrom(...zones),
      hour: fc.nat({ max: 23 }),
      minute: fc.nat({ max: 59 }),
      day: fc.integer({ min: Date.UTC(2018, 0) / 86_400_000, max: Date.UTC(2025, 0) / 86_400_000 }),
    });
    const property = fc.property(clock, ({ zone, hour, minute, day }) => {
      const from = new Date(day * 86_400_000).toISOString();
      const local = runs(`cron(${minute} ${hour} * * ? *)`, from, 3, zone).map((time) =>
        new Date(wallClockMillis(new Date(time), zone)).toISOString(),
      );
      const clockTime = `T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00.000Z`;
      expect(local.map((time) => time.slice(10))).to.deep.equal([clockTime, clockTime, clockTime]);
      expect(new Set(local.map((time) => time.slice(0, 10)))).to.have.property("size", 3);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("refuses a time zone that does not exist", () => {
    const expression = parseScheduleExpression("rate(1 hour)");
    expect(() => nextRun(expression, new Date(), "America/Porto_Triste")).to.throw(
      ScheduleExpressionError,
      "time zone America/Porto_Triste is unknown; allowed are IANA names",
    );
  });
});

describe("schedule expressions: what AWS refuses", () => {
  const refused: [string, string][] = [
    ["rate(1 minutes)", "has the unit minutes for a value of 1; allowed is minute"],
    ["rate(5 minute)", "has the unit minute for a value of 5; allowed is minutes"],
    ["rate(0 minutes)", "a whole number above 0"],
    ["rate(30 seconds)", "has 30 seconds as its rate"],
    ["rate()", "has nothing as its rate"],
    ["cron(0 8 * * *)", "has 5 fields; allowed are six"],
    ["cron(0 8 * * * *)", "has day-of-month * and day-of-week *; exactly one of them must be ?"],
    ["cron(0 8 ? * ? *)", "exactly one of them must be ?"],
    ["cron(60 8 * * ? *)", "has 60 as minutes; allowed is 0-59"],
    ["cron(0 24 * * ? *)", "has 24 as hours"],
    ["cron(0 8 ? * 0 *)", "has 0 as day-of-week; allowed is 1-7 (1 is SUN)"],
    ["cron(0 8 ? * MON#6 *)", "has MON#6 as day-of-week"],
    ["cron(0 8 ? * FRI-MON *)", "has FRI-MON as day-of-week"],
    ["cron(0/0 8 * * ? *)", "has 0/0 as minutes"],
    ["cron(0 8 32W * ? *)", "has 32W as day-of-month"],
    ["cron(0 8 * ? * *)", "has day-of-month * and day-of-week *"],
    ["cron(0 8 1 * ? 1969)", "has 1969 as year; allowed is 1970-2199"],
    ["at(2024-02-30T00:00:00)", "a date that exists"],
    ["at(2024-04-30 12:00)", "YYYY-MM-DDThh:mm:ss"],
    ["every 5 minutes", "is not of the form rate(5 minutes) or cron(0 8 ? * MON-FRI *) or at("],
  ];
  for (const [text, message] of refused)
    it(text, () => {
      expect(() => parseScheduleExpression(text))
        .to.throw(ScheduleExpressionError, message)
        .with.property("message")
        .that.includes(text);
    });

  it("at(…) for a rule, which takes rate and cron", () => {
    expect(() => parseScheduleExpression("at(2024-04-30T12:00:00)", RULE_SCHEDULE_KINDS)).to.throw(
      ScheduleExpressionError,
      "is not of the form rate(5 minutes) or cron(0 8 ? * MON-FRI *)",
    );
  });
});
