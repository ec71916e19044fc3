import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StartJobRun.html */
export function startJobRun({ graph, runner }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ JobName: z.string(), Arguments: z.record(z.string(), z.string()).optional() }),
    permissions: ({ JobName }) => [gluePermission(graph, "StartJobRun", `job/${JobName}`)],
    run: ({ JobName, Arguments }) => ({ JobRunId: runner.startJob(JobName, Arguments).run.id }),
  });
}
