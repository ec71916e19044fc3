import { addDays } from "date-fns/addDays";
import { differenceInMinutes } from "date-fns/differenceInMinutes";
import { nextRun, parseScheduleExpression } from "../../lib/schedule-expression.ts";
import { instantOfWallClock, wallClockMillis } from "../../lib/time-zone.ts";
import { removeCommand, setCommand } from "../commands.ts";
import type { ConfigProblem } from "../problem.ts";
import { firstRunsOf, JOB_TIMEOUT_MINUTES, SAMPLE_DAY } from "../schedules.ts";
import type { StormwireConfig } from "../schema.ts";

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;

type Messages = StormwireConfig["messages"];

/** One-off messages at a time that the clocks skip. EventBridge Scheduler would never send them. */
export function skippedTimes(messages: Messages): ConfigProblem[] {
  return oneOffs(messages).flatMap(({ name, at, timeZone, wallClock, instant }) =>
    instant === undefined
      ? [
          problem(
            name,
            at,
            `a time that the clocks of ${timeZone} show; they skip this one when daylight saving time begins`,
            shown(wallClock + HOUR_MILLIS),
          ),
        ]
      : [],
  );
}

/**
 * One-off messages whose time has passed. A message that was sent must be removed from the config, too: Scheduler counts
 * it against the account's quota, and it looks like a message that was missed.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
 */
export function missedTimes(messages: Messages, now: Date): ConfigProblem[] {
  return oneOffs(messages).flatMap(({ name, at, timeZone, wallClock, instant }) =>
    instant !== undefined && instant <= now
      ? [
          problem(
            name,
            at,
            `a time still to come in ${timeZone}; it is now ${clock(now, timeZone)} there`,
            shown(tomorrow(wallClock, wallClockMillis(now, timeZone))),
          ),
        ]
      : [],
  );
}

/** Recurring schedules whose last run has passed, such as a cron expression of last year. */
export function endedSchedules(
  { poll, lake, messages }: Pick<StormwireConfig, "poll" | "lake" | "messages">,
  now: Date,
): ConfigProblem[] {
  const schedules = [
    { path: ["poll"], found: poll, expression: poll, timeZone: "UTC" },
    ...Object.entries({ schedule: lake.schedule, jobSchedule: lake.jobSchedule }).map(([key, found]) => ({
      path: ["lake", key],
      found,
      expression: found,
      timeZone: "UTC",
    })),
    ...Object.entries(messages).map(([name, { cron, timeZone }]) => ({
      path: ["messages", name, "cron"],
      found: cron,
      expression: cron && `cron(${cron})`,
      timeZone,
    })),
  ];
  return schedules.flatMap(({ path, found, expression, timeZone }) =>
    found === undefined ||
    expression === undefined ||
    nextRun(parseScheduleExpression(expression), now, timeZone) !== undefined
      ? []
      : [
          {
            path,
            found,
            allowed: `a schedule that comes due again; it is now ${clock(now, timeZone)} in ${timeZone}`,
            fix: setCommand(path, everyYear(found)),
          },
        ],
  );
}

interface OneOff {
  readonly name: string;
  readonly at: string;
  readonly timeZone: string;
  /** Time of its clock in milliseconds, as if it were UTC. */
  readonly wallClock: number;
  /** Undefined when the clocks never show it. */
  readonly instant: Date | undefined;
}

function oneOffs(messages: Messages): OneOff[] {
  return Object.entries(messages).flatMap(([name, { at, timeZone }]) => {
    if (at === undefined) return [];
    const expression = parseScheduleExpression(`at(${at})`);
    return expression.kind === "at"
      ? [
          {
            name,
            at,
            timeZone,
            wallClock: expression.wallClockMillis,
            instant: instantOfWallClock(expression.wallClockMillis, timeZone),
          },
        ]
      : [];
  });
}

function problem(name: string, at: string, allowed: string, example: string): ConfigProblem {
  const set = setCommand(["messages", name, "at"], example);
  return {
    path: ["messages", name, "at"],
    found: at,
    allowed,
    fix: `${set}, or ${removeCommand(["messages", name])}`,
  };
}

/** Time of a clock in the zone, as config writes it. */
function clock(instant: Date, timeZone: string): string {
  return shown(wallClockMillis(instant, timeZone));
}

function shown(wallClock: number): string {
  return new Date(wallClock).toISOString().slice(0, 19);
}

/** The same time of day tomorrow. */
function tomorrow(wallClock: number, now: number): number {
  return (Math.floor(now / DAY_MILLIS) + 1) * DAY_MILLIS + (wallClock % DAY_MILLIS);
}

/** The cron expression with any year, which is the last of its six fields. */
function everyYear(cron: string): string {
  return cron.replace(/[^\s()]+(?=\)?$)/, "*");
}

/** Schedules that conflict at all nearly always do so within a year. */
const SAMPLE_DAYS = 366;
const MOST_RUNS = 400;

/**
 * Runs of the job's own schedule while the workflow's job may still run. Glue rejects concurrent runs of a job:
 * https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html, ConcurrentRunsExceededException.
 */
export function clashingSchedules({
  lake: { schedule, jobSchedule },
}: Pick<StormwireConfig, "lake">): ConfigProblem[] {
  if (jobSchedule === undefined) return [];
  const workflows = sampleOf(schedule);
  const clash = sampleOf(jobSchedule).find((run) =>
    workflows.some((workflow) => Math.abs(differenceInMinutes(run, workflow)) < JOB_TIMEOUT_MINUTES),
  );
  if (clash === undefined) return [];
  const path = ["lake", "jobSchedule"];
  return [
    {
      path,
      found: jobSchedule,
      allowed:
        `times ${JOB_TIMEOUT_MINUTES} minutes or more away from those of lake.schedule, ${schedule}, as ` +
        `${clash.toISOString()} is not: Glue refuses a second run of the job at once`,
      fix: setCommand(path, "cron(30 0 ? * MON-SAT *)"),
    },
  ];
}

function sampleOf(schedule: string): Date[] {
  const end = addDays(SAMPLE_DAY, SAMPLE_DAYS);
  return firstRunsOf(schedule, MOST_RUNS).filter((run) => run < end);
}
