import { setTimeout } from "node:timers/promises";
import { GetJobRunCommand, type JobRun, StartJobRunCommand } from "@aws-sdk/client-glue";
import { runJob } from "../../etl/job.ts";
import { createS3Lake, type Lake } from "../../etl/lake.ts";
import type { DayRange } from "../../etl/plan.ts";
import { type JobReport, jobReportSchema, REPORT_PREFIX } from "../../etl/report.ts";
import { TABLES } from "../../etl/tables.ts";
import { UserError } from "../../lib/user-error.ts";
import type { Deployment } from "./aws.ts";

/** Thrown when a run of the job failed or left no report. */
export class JobRunError extends UserError {
  override readonly exitCode = 1;
  override readonly name = "JobRunError";
}

/** How a run that ended may have ended: https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html */
const ENDED: readonly (string | undefined)[] = [
  "SUCCEEDED",
  "FAILED",
  "STOPPED",
  "TIMEOUT",
  "ERROR",
  "EXPIRED",
];

/** A run here takes a second, on Glue a minute or more. */
const POLL_MILLISECONDS = { first: 100, last: 5000 };

/** What is stale and why, as the job would find it; no job is started. */
export function planOnly(
  { s3, bucket }: Pick<Deployment, "s3" | "bucket">,
  { asked }: { readonly asked: DayRange | undefined },
): Promise<JobReport> {
  return planLake(createS3Lake(s3, bucket), bucket, asked);
}

/** The same of any lake; only `list` and `read` are called. */
export function planLake(
  lake: Lake,
  bucket: string,
  asked: DayRange | undefined = undefined,
): Promise<JobReport> {
  return runJob(lake, {
    bucket,
    tables: TABLES.map(({ name }) => name),
    etlPrefix: "etl/",
    ...(asked && { asked }),
    dryRun: true,
    run: "dry-run",
  });
}

/**
 * Runs the stack's job to its end and returns the report that it left. Throws {@link JobRunError}.
 *
 * @param onState called with each new state of the run
 */
export async function runOnGlue(
  deployment: Deployment,
  asked: DayRange | undefined,
  onState: (state: string) => void,
): Promise<JobReport> {
  const { glue, job, bucket, s3 } = deployment;
  const Arguments = {
    ...(asked?.from !== undefined && { "--from": asked.from }),
    ...(asked?.to !== undefined && { "--to": asked.to }),
  };
  const { JobRunId = "" } = await glue.send(new StartJobRunCommand({ JobName: job, Arguments }));
  const { JobRunState, ErrorMessage } = await followRun(deployment, JobRunId, onState);
  if (JobRunState !== "SUCCEEDED")
    throw new JobRunError(`run ${JobRunId} of job ${job}: ${JobRunState} ${ErrorMessage ?? ""}`.trim());
  const lake = createS3Lake(s3, bucket);
  // The ids of local runs come again; the names sort by time.
  const report = (await lake.list(REPORT_PREFIX)).findLast(({ key }) => key.endsWith(`-${JobRunId}.json`));
  if (report === undefined)
    throw new JobRunError(`run ${JobRunId} of job ${job} left no report in s3://${bucket}/${REPORT_PREFIX}`);
  return jobReportSchema.parse(JSON.parse(Buffer.from(await lake.read(report.key)).toString("utf8")));
}

async function followRun(
  { glue, job }: Deployment,
  RunId: string,
  onState: (state: string) => void,
): Promise<JobRun> {
  let state: string | undefined;
  for (let wait = POLL_MILLISECONDS.first; ; wait = Math.min(2 * wait, POLL_MILLISECONDS.last)) {
    const { JobRun: run = {} } = await glue.send(new GetJobRunCommand({ JobName: job, RunId }));
    if (run.JobRunState !== undefined && run.JobRunState !== state) {
      state = run.JobRunState;
      onState(state);
    }
    if (ENDED.includes(state)) return run;
    await setTimeout(wait);
  }
}
