import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";

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
