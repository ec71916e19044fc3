import type { ServiceEvent } from "../events/event-rules.ts";
import type { GlueRun } from "./run.ts";

/**
 * What Glue tells EventBridge of a crawler or job that ended; of workflows it tells nothing. Retries of a job are one
 * run here, where AWS tells of each attempt.
 * https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
 */
export function stateChange({ kind, name, id, state, error = "" }: GlueRun): ServiceEvent | undefined {
  const source = "aws.glue";
  const hasFailed = state === "FAILED";
  if (kind === "job") {
    const message = hasFailed ? error : "Job run succeeded";
    const severity = hasFailed ? "ERROR" : "INFO";
    const detail = { jobName: name, severity, state, jobRunId: id, message };
    return { source, detailType: "Glue Job State Change", detail };
  }
  if (kind !== "crawler") return undefined;
  const failure = { state: "Failed", message: "Crawler Failed", errorMessage: error };
  const detail = {
    crawlerName: name,
    ...(hasFailed ? failure : { state: "Succeeded", message: "Crawler Succeeded" }),
  };
  return { source, detailType: "Glue Crawler State Change", detail };
}
