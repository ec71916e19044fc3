import { addDays } from "date-fns/addDays";
import { differenceInMinutes } from "date-fns/differenceInMinutes";
import { setCommand } from "./commands.ts";
import { LIMITS } from "./limits.ts";
import type { ConfigProblem } from "./problems.ts";
import { firstRunsOf, SAMPLE_DAY } from "./schedule-runs.ts";
import type { StormwireConfig } from "./schema.ts";
import { type Refusal, scheduleRefusal } from "./values.ts";

/** Glue's default of 480 would bill a stuck job all night. */
export const JOB_TIMEOUT_MINUTES = 60;

/** An hour has 60 minutes, so that so many runs show the shortest time between two. */
const SAMPLED_RUNS = 61;

/** Why a trigger of Glue does not take a schedule: it takes cron, without `#`, no two runs within five minutes. */
export function glueScheduleRefusal(value: string): Refusal | undefined {
  const refusal = scheduleRefusal(value, ["cron"]);
  if (refusal !== undefined) return refusal;
  if (value.includes("#")) return { reason: "has #, which Glue does not know" };
  const runs = firstRunsOf(value, SAMPLED_RUNS);
  const { minimum } = LIMITS.triggerPeriod;
  const isTooOften = runs
    .slice(1)
    .some((run, index) => differenceInMinutes(run, runs[index] ?? SAMPLE_DAY) < minimum);
  return isTooOften ? { reason: `runs twice within ${minimum} minutes` } : undefined;
}

/** In a year most schedules have met that ever meet. */
const SAMPLE_DAYS = 366;
const MOST_RUNS = 400;

/**
 * A job alone that comes due while the workflow's may run. Glue refuses the second of two runs at once, which fails:
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
