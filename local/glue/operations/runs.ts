import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import type { GlueRun } from "../run.ts";
import { type GlueContext, gluePermission } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetCrawler.html */
export function getCrawler({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string() }),
    permissions: ({ Name }) => [gluePermission(graph, "GetCrawler", `crawler/${Name}`)],
    run({ Name }) {
      const { roleArn, databaseName, targets, tables, tablePrefix } = runner.crawler(Name);
      const last = runner.runs.findLast((run) => run.kind === "crawler" && run.name === Name);
      return {
        Crawler: {
          Name,
          Role: roleArn,
          DatabaseName: databaseName,
          TablePrefix: tablePrefix,
          Targets: {
            S3Targets: targets.map(({ bucket, prefix }) => ({ Path: `s3://${bucket}/${prefix}` })),
            CatalogTargets: tables.map(({ databaseName, name }) => ({
              DatabaseName: databaseName,
              Tables: [name],
            })),
          },
          State: last?.state === "RUNNING" ? "RUNNING" : "READY",
          ...(last !== undefined &&
            last.state !== "RUNNING" && {
              LastCrawl: { Status: last.state, ErrorMessage: last.error, StartTime: last.startedAt },
            }),
        },
      };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StartCrawler.html */
export function startCrawler({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string() }),
    permissions: ({ Name }) => [gluePermission(graph, "StartCrawler", `crawler/${Name}`)],
    run({ Name }) {
      runner.startCrawler(Name);
      return {};
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html */
export function startJobRun({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ JobName: z.string(), Arguments: z.record(z.string(), z.string()).optional() }),
    permissions: ({ JobName }) => [gluePermission(graph, "StartJobRun", `job/${JobName}`)],
    run: ({ JobName, Arguments }) => ({ JobRunId: runner.startJob(JobName, Arguments).run.id }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRun.html */
export function getJobRun({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ JobName: z.string(), RunId: z.string() }),
    permissions: ({ JobName }) => [gluePermission(graph, "GetJobRun", `job/${JobName}`)],
    run({ JobName, RunId }) {
      const run = runner.runs.find(
        ({ kind, name, id }) => kind === "job" && name === JobName && id === RunId,
      );
      if (run === undefined) throw new AwsError("EntityNotFoundException", `Job run ${RunId} not found`);
      return { JobRun: jobRunOutput(run) };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetJobRuns.html, the latest first, all on one page */
export function getJobRuns({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ JobName: z.string(), MaxResults: z.number().optional() }),
    permissions: ({ JobName }) => [gluePermission(graph, "GetJobRuns", `job/${JobName}`)],
    run({ JobName }) {
      runner.job(JobName);
      const runs = runner.runs.filter(({ kind, name }) => kind === "job" && name === JobName);
      return { JobRuns: runs.toReversed().map(jobRunOutput) };
    },
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html */
function jobRunOutput(run: GlueRun) {
  return {
    Id: run.id,
    JobName: run.name,
    JobRunState: run.state,
    ErrorMessage: run.error,
    StartedOn: run.startedAt,
    CompletedOn: run.completedAt,
    Arguments: run.arguments,
  };
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StartWorkflowRun.html */
export function startWorkflowRun({ graph, workflows }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string() }),
    permissions: ({ Name }) => [gluePermission(graph, "StartWorkflowRun", `workflow/${Name}`)],
    run: ({ Name }) => ({ RunId: workflows.start(Name).id }),
  });
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_GetWorkflowRun.html; a run with failed actions is COMPLETED, too */
export function getWorkflowRun({ graph, workflows }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string(), RunId: z.string(), IncludeGraph: z.boolean().optional() }),
    permissions: ({ Name }) => [gluePermission(graph, "GetWorkflowRun", `workflow/${Name}`)],
    run({ Name, RunId }) {
      const run = workflows.runs.find(({ name, id }) => name === Name && id === RunId);
      if (run === undefined) throw new AwsError("EntityNotFoundException", `Workflow run ${RunId} not found`);
      const count = (state: string) => run.actions.filter((action) => action.state === state).length;
      return {
        Run: {
          Name,
          WorkflowRunId: RunId,
          Status: run.state === "RUNNING" ? "RUNNING" : "COMPLETED",
          ErrorMessage: run.error,
          StartedOn: run.startedAt,
          CompletedOn: run.completedAt,
          Statistics: {
            TotalActions: run.actions.length,
            SucceededActions: count("SUCCEEDED"),
            FailedActions: count("FAILED"),
            RunningActions: count("RUNNING"),
          },
        },
      };
    },
  });
}
