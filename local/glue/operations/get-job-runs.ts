import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";
import { jobRunOutput } from "./job-run-output.ts";

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
