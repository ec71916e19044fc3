import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";
import { jobRunOutput } from "./job-run-output.ts";

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
