import { expect } from "chai";
import { clashingSchedules } from "../../config/checks/schedules.ts";
import { glueScheduleRefusal } from "../../config/schedules.ts";
import { failure, good } from "../infra/stack-config.ts";

describe("a schedule of Glue", () => {
  for (const [expression, isOne] of [
    ["cron(30 0 * * ? *)", true],
    ["cron(0/5 * * * ? *)", true],
    ["cron(0 0 L * ? *)", true],
    ["cron(0 6 31 2 ? *)", false],
    ["cron(0 6 1 1 ? 2020)", true], // a preview knows that it is past
    ["rate(1 day)", false],
    ["at(2030-01-01T00:00:00)", false],
    ["cron(0,4 * * * ? *)", false],
    ["cron(* 0 * * ? *)", false],
    ["cron(30 0 ? * MON#1 *)", false],
    ["cron(30 0 * * *)", false],
  ] as const) {
    it(`is ${isOne ? "" : "not "}${expression}`, () => {
      expect(glueScheduleRefusal(expression) === undefined).to.equal(isOne);
    });
  }

  it("is what config asks for, in words", () => {
    const { problems } = failure({ ...good, lake: { schedule: "rate(1 day)", jobSchedule: "daily" } });

    const allowed =
      "an AWS cron(…) expression that comes due, UTC, without #, that never runs twice within 5 minutes; this one is not of the form cron(0 8 ? * MON-FRI *)";
    expect(problems.map(({ path, found, allowed }) => [path.join("."), found, allowed])).to.deep.equal([
      ["lake.schedule", "rate(1 day)", allowed],
      ["lake.jobSchedule", "daily", allowed],
    ]);
  });
});

describe("the job's own schedule", () => {
  const clash = (schedule: string, jobSchedule?: string) =>
    clashingSchedules({ lake: { schedule, jobSchedule, scanLimitMegabytes: 1024, rawRetentionDays: 365 } });

  it("keeps an hour from the workflow's", () => {
    expect(clash("cron(30 0 ? * SUN *)")).to.deep.equal([]);
    expect(clash("cron(30 0 ? * SUN *)", "cron(30 0 ? * MON-SAT *)")).to.deep.equal([]);
    expect(clash("cron(30 2 * * ? *)", "cron(30 1,3 * * ? *)")).to.deep.equal([]);
    expect(clash("cron(30 2 * * ? *)", "cron(31 1 * * ? *)")).to.have.length(1);
    expect(clash("cron(30 2 * * ? *)", "cron(29 3 * * ? *)")).to.have.length(1);
  });

  it("is refused where both meet, with a time at which they do", () => {
    const [problem] = failure({
      ...good,
      lake: { schedule: "cron(30 0 ? * SUN *)", jobSchedule: "cron(30 0 * * ? *)" },
    }).problems;

    expect(problem?.path).to.deep.equal(["lake", "jobSchedule"]);
    expect(problem?.allowed).to.equal(
      "times 60 minutes or more away from those of lake.schedule, cron(30 0 ? * SUN *), as 2024-01-07T00:30:00.000Z " +
        "is not: Glue refuses a second run of the job at once",
    );
  });
});
