import { expect } from "chai";
import { wallClockMillis } from "../../lib/time-zone.ts";
import type { Backend, Event, World } from "./backend.ts";
import { linesOf } from "./line.ts";

const RULES = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html";
const RULE_STATE = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html";
const TYPES = "https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html";
const CONTEXT =
  "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html";
const SCHEDULE = "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html";

/** Hours behind UTC all year round. */
const ZONE = "America/Sao_Paulo";

/** A time as its clock shows it there, to the second. */
const wallClock = (time: Date, zone: string) =>
  new Date(wallClockMillis(time, zone)).toISOString().slice(0, 19);
/** A time so long after a world that is now to be opened is there. */
const afterOpening = ({ openingSeconds }: Backend, seconds: number) =>
  new Date(Date.now() + (openingSeconds + seconds) * 1000);
const secondsTo = (world: World, time: Date) => (time.getTime() - world.now().getTime()) / 1000;

const hasEvents = (world: World, count = 1) => ({
  until: async () => (await world.events()).length >= count,
});

const schedulesOf = async (world: World) =>
  (await world.events()).map(({ schedule }: Event) => schedule as string);

/** The backend rejects each of the expressions, and takes each of the others. */
const rules = (rejected: readonly string[], taken: readonly string[]) => async (backend: Backend) => {
  for (const [expressions, isTaken] of [
    [taken, true],
    [rejected, false],
  ] as const)
    for (const ScheduleExpression of expressions) {
      const rejection = await backend.rejectionOf({ rules: { rule: { ScheduleExpression } } });
      expect(rejection === undefined, `${ScheduleExpression} is taken`).to.equal(isTaken);
    }
};

const schedules =
  (
    rejected: readonly (readonly [string, zone?: string])[],
    taken: readonly (readonly [string, zone?: string])[],
  ) =>
  async (backend: Backend) => {
    for (const [expressions, isTaken] of [
      [taken, true],
      [rejected, false],
    ] as const)
      for (const [ScheduleExpression, ScheduleExpressionTimezone = "UTC"] of expressions) {
        const schedule = { ScheduleExpression, ScheduleExpressionTimezone };
        const rejection = await backend.rejectionOf({ schedules: { schedule } });
        expect(
          rejection === undefined,
          `${ScheduleExpression} in ${ScheduleExpressionTimezone} is taken`,
        ).to.equal(isTaken);
      }
  };

export const TIMERS = linesOf("EventBridge and Scheduler", [
  [
    "A rule of one minute fires, with a Scheduled Event",
    RULES,
    async (backend) => {
      await using world = await backend.open({
        rules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
      });
      await world.pass(130, hasEvents(world));
      const [event] = await world.events();
      expect(event, "event").to.include({
        version: "0",
        "detail-type": "Scheduled Event",
        source: "aws.events",
      });
      expect(event.time, "time").to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(event.resources, "resources").to.have.length(1);
      expect(event.resources[0], "rule").to.match(/^arn:aws:events:[\w-]+:\d{12}:rule\/[\w-]*minutely$/);
      expect(event.detail, "detail").to.deep.equal({});
    },
  ],
  [
    "A rule with a cron expression fires within its minute, in UTC",
    RULES,
    async (backend) => {
      const minute = wallClock(afterOpening(backend, 70), "UTC").slice(0, "2024-04-30T11:00".length);
      const [hours, minutes] = minute.slice(-5).split(":").map(Number);
      const ScheduleExpression = `cron(${minutes} ${hours} * * ? *)`;
      await using world = await backend.open({ rules: { cron: { ScheduleExpression } } });
      await world.pass(135, hasEvents(world));
      const times = (await world.events()).map(({ time }: Event) => time.slice(0, minute.length));
      expect(times, "minutes").to.deep.equal([minute]);
    },
  ],
  [
    "A rule that is disabled does not fire",
    RULE_STATE,
    async (backend) => {
      const ScheduleExpression = "rate(1 minute)";
      await using world = await backend.open({
        rules: { on: { ScheduleExpression }, off: { ScheduleExpression, State: "DISABLED" } },
      });
      await world.pass(130, hasEvents(world));
      await world.linger(2);
      const sources = (await world.events()).map(
        ({ resources }: Event) => resources[0].match(/(on|off)$/)[0],
      );
      expect(new Set(sources), "rules that fired").to.deep.equal(new Set(["on"]));
    },
  ],
  [
    "A schedule of one minute fires, with its own input",
    TYPES,
    async (backend) => {
      await using world = await backend.open({
        schedules: { minutely: { ScheduleExpression: "rate(1 minute)" } },
      });
      await world.pass(130, hasEvents(world));
      expect((await schedulesOf(world))[0], "schedule").to.equal("minutely");
    },
  ],
  [
    "A one-time schedule fires once, at its time",
    TYPES,
    async (backend) => {
      const time = afterOpening(backend, 40);
      await using world = await backend.open({
        schedules: { once: { ScheduleExpression: `at(${wallClock(time, "UTC")})` } },
      });
      await world.pass(secondsTo(world, time) - 10);
      expect(await schedulesOf(world), "fired before its time").to.deep.equal([]);
      await world.pass(60, hasEvents(world));
      await world.linger(3);
      expect(await schedulesOf(world), "fired").to.deep.equal(["once"]);
    },
  ],
  [
    "A one-time schedule is read in its time zone",
    TYPES,
    async (backend) => {
      const time = afterOpening(backend, 40);
      const ScheduleExpressionTimezone = ZONE;
      await using world = await backend.open({
        schedules: {
          there: { ScheduleExpression: `at(${wallClock(time, ZONE)})`, ScheduleExpressionTimezone },
          later: { ScheduleExpression: `at(${wallClock(time, "UTC")})`, ScheduleExpressionTimezone },
        },
      });
      await world.pass(secondsTo(world, time) - 10);
      expect(await schedulesOf(world), "fired before its time").to.deep.equal([]);
      await world.pass(60, hasEvents(world));
      await world.linger(3);
      expect(await schedulesOf(world), "fired").to.deep.equal(["there"]);
    },
  ],
  [
    "A schedule's cron expression is read in its time zone",
    TYPES,
    async (backend) => {
      const time = afterOpening(backend, 70);
      const [, hour, minute] = /T(\d\d):(\d\d)/.exec(wallClock(time, ZONE)) ?? [];
      const [, hourOfUtc] = /T(\d\d)/.exec(wallClock(time, "UTC")) ?? [];
      const ScheduleExpressionTimezone = ZONE;
      const cron = (of: string | undefined) => `cron(${Number(minute)} ${Number(of)} * * ? *)`;
      await using world = await backend.open({
        schedules: {
          there: { ScheduleExpression: cron(hour), ScheduleExpressionTimezone },
          later: { ScheduleExpression: cron(hourOfUtc), ScheduleExpressionTimezone },
        },
      });
      await world.pass(135, hasEvents(world));
      await world.linger(3);
      expect(await schedulesOf(world), "fired").to.deep.equal(["there"]);
    },
  ],
  [
    "A schedule's input has <aws.scheduler.scheduled-time> filled in",
    CONTEXT,
    async (backend) => {
      const time = afterOpening(backend, 10);
      await using world = await backend.open({
        schedules: { once: { ScheduleExpression: `at(${wallClock(time, "UTC")})` } },
      });
      await world.pass(60, hasEvents(world));
      const [event] = await world.events();
      expect(event?.time, "time").to.equal(`${wallClock(time, "UTC")}Z`);
    },
  ],
  [
    "A schedule that is disabled does not fire",
    SCHEDULE,
    async (backend) => {
      const at = (seconds: number) => `at(${wallClock(afterOpening(backend, seconds), "UTC")})`;
      await using world = await backend.open({
        schedules: {
          off: { ScheduleExpression: at(8), State: "DISABLED" },
          on: { ScheduleExpression: at(10) },
        },
      });
      await world.pass(60, hasEvents(world));
      await world.linger(2);
      expect(await schedulesOf(world), "fired").to.deep.equal(["on"]);
    },
  ],
  [
    "Rules: a rate is a number above 0 with a unit of its number",
    RULES,
    rules(
      [
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(5 seconds)",
        "rate(1.5 hours)",
        "rate()",
      ],
      ["rate(1 minute)", "rate(5 minutes)", "rate(1 day)"],
    ),
  ],
  [
    "Rules: a cron expression has six fields, one ? for a day, and values in range",
    RULES,
    rules(
      [
        "cron(0 7 * * * *)",
        "cron(0 7 * * ?)",
        "cron(60 7 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 7 ? * ? *)",
      ],
      ["cron(0 7 * * ? *)", "cron(0/15 8-17 ? * MON-FRI *)", "cron(0 8 L * ? *)", "cron(0 8 ? * 2#1 *)"],
    ),
  ],
  ["Rules take no at(…)", RULES, rules(["at(2030-01-01T00:00:00)"], [])],
  [
    "Schedules: a cron expression has six fields and one ? for a day",
    TYPES,
    schedules(
      [["cron(0 7 * * * *)"], ["cron(0 7 * * ?)"], ["cron(60 7 * * ? *)"]],
      [["cron(0 7 * * ? *)"], ["cron(0 7 ? * MON-FRI *)", ZONE]],
    ),
  ],
  [
    "Schedules: at(…) has a date that there is, and a time",
    TYPES,
    schedules([["at(2030-01-01)"], ["at(2030-02-30T00:00:00)"], ["at(soon)"]], [["at(2030-01-01T00:00:00)"]]),
  ],
  [
    "Schedules: a time zone is one of IANA's",
    TYPES,
    schedules([["rate(5 minutes)", "Nowhere/Nope"]], [["rate(5 minutes)", ZONE]]),
  ],
]);
