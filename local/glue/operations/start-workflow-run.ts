import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";

/** https://docs.aws.amazon.com/glue/latest/webapi/API_StartWorkflowRun.html */
export function startWorkflowRun({ graph, workflows }: GlueContext): Operation {
  return defineOperation({
    input: z.strictObject({ Name: z.string() }),
    permissions: ({ Name }) => [gluePermission(graph, "StartWorkflowRun", `workflow/${Name}`)],
    run: ({ Name }) => ({ RunId: workflows.start(Name).id }),
  });
}
