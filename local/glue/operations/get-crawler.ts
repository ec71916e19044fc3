import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { gluePermission } from "../arns.ts";
import type { GlueContext } from "./context.ts";

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
