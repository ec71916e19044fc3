import type { GlueRun } from "../run.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_JobRun.html */
export function jobRunOutput(run: GlueRun) {
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
