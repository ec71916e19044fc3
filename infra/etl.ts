import { readdirSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { JOB_TIMEOUT_MINUTES } from "../config/schedules.ts";
import { tableText } from "../etl/table-definition.ts";
import { TABLES } from "../etl/tables.ts";
import { stackPath } from "./account.ts";
import type { Catalog } from "./catalog.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";

const ETL_FOLDER = new URL("../etl", import.meta.url);

export interface EtlArgs {
  readonly lake: LakeBucket;
  readonly raw: Catalog;
  readonly gold: Catalog;
  /** When the workflow starts: cron of Glue, UTC. */
  readonly schedule: string;
  /** When the job runs besides, without the crawlers. */
  readonly jobSchedule?: string | undefined;
  readonly logRetentionDays: number;
}

/**
 * The Spark job that turns raw JSON into Parquet, and the workflow around it: raw crawler and job, then gold crawler. The
 * job waits for no crawler: it reads files, and Athena sees its days as soon as they are there
 * (docs/decisions/0013-gold-tables-are-declared.md). So it may run oftener than they do, and more cheaply: docs/cost.md
 */
export class Etl extends pulumi.ComponentResource {
  readonly job: aws.glue.Job;
  readonly workflow: aws.glue.Workflow;

  constructor(name: string, args: EtlArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Etl", name, {}, opts);
    const parent = this;
    const { bucket } = args.lake.bucket;

    const script = uploadPython("gold.py");
    const modules = readdirSync(ETL_FOLDER)
      .filter((file) => /^gold_.*\.py$/.test(file))
      .sort()
      .map(uploadPython);
    for (const table of TABLES) {
      const sql = `${table.name}.sql`;
      upload(sql, new pulumi.asset.FileAsset(`etl/${sql}`), "application/sql");
      upload(`${table.name}.json`, new pulumi.asset.StringAsset(tableText(table)), "application/json");
    }
    const logPrefix = stackPath(name);
    const outputLog = createLogGroup("output");
    const errorLog = createLogGroup("error");
    const { role, policy } = createJobRole();
    const job = createJob();
    const workflow = new aws.glue.Workflow(
      name,
      { description: "Raw JSON to Parquet, and what crawlers find of both" },
      { parent },
    );
    createTriggers();

    this.job = job;
    this.workflow = workflow;
    this.registerOutputs({ workflow: workflow.name });

    function upload(file: string, source: pulumi.asset.Asset, contentType: string) {
      return new aws.s3.BucketObjectv2(file, { bucket, key: `etl/${file}`, source, contentType }, { parent });
    }

    function uploadPython(file: string) {
      return upload(file, new pulumi.asset.FileAsset(`etl/${file}`), "text/x-python");
    }

    /** Glue names them: https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html */
    function createLogGroup(kind: "output" | "error") {
      return new aws.cloudwatch.LogGroup(
        `${name}-${kind}`,
        { name: `${logPrefix}/${kind}`, retentionInDays: args.logRetentionDays },
        { parent },
      );
    }

    function logging(): Grant {
      return {
        // No page of AWS says that Glue does without the first where the group is there.
        actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${outputLog.arn}:*`, pulumi.interpolate`${errorLog.arn}:*`],
      };
    }

    function createJobRole() {
      return createRole(
        `${name}-job`,
        "glue",
        [
          args.lake.listAllGrant(),
          args.lake.grant("etl/", "s3:GetObject"),
          ...TABLES.flatMap(({ name, rawPrefix }) => [
            args.lake.grant(rawPrefix, "s3:GetObject"),
            args.lake.grant(`gold/${name}/`, "s3:PutObject", "s3:DeleteObject"),
          ]),
          args.lake.grant("state/etl/", "s3:GetObject", "s3:PutObject"),
          args.lake.grant("state/etl/staging/", "s3:DeleteObject"),
          args.lake.grant("reports/etl/", "s3:PutObject"),
          logging(),
        ],
        { parent },
      );
    }

    function createJob() {
      return new aws.glue.Job(
        name,
        {
          description: "Rebuilds the gold days whose raw objects changed",
          roleArn: role.arn,
          glueVersion: "5.0",
          workerType: "G.1X",
          numberOfWorkers: 2,
          timeout: JOB_TIMEOUT_MINUTES,
          maxRetries: 1,
          executionProperty: { maxConcurrentRuns: 1 },
          command: {
            name: "glueetl",
            pythonVersion: "3",
            scriptLocation: urlOf(script),
          },
          defaultArguments: {
            // Files, not a folder: https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html
            "--extra-py-files": pulumi.all(modules.map(urlOf)).apply((urls) => urls.join(",")),
            "--bucket": bucket,
            "--tables": TABLES.map(({ name }) => name).join(","),
            "--etl_prefix": "etl/",
            "--job-bookmark-option": "job-bookmark-disable",
            // Of Glue 5.0; up to 4.0 it was --continuous-log-logGroup.
            "--custom-logGroup-prefix": logPrefix,
          },
        },
        { parent, dependsOn: [policy, outputLog, errorLog] },
      );
    }

    function urlOf({ key }: aws.s3.BucketObjectv2) {
      return pulumi.interpolate`s3://${bucket}/${key}`;
    }

    function createTriggers() {
      // The job reads files and not the catalog, so it does not wait for the raw crawler: a crawl that fails, or that Glue
      // cannot start, leaves no day without gold. A trigger could wait for SUCCEEDED, FAILED and CANCELLED only:
      // https://docs.aws.amazon.com/glue/latest/webapi/API_Condition.html
      const start = trigger("raw-crawl", {
        type: "SCHEDULED",
        schedule: args.schedule,
        actions: [{ crawlerName: args.raw.crawler.name }, { jobName: job.name }],
      });
      // One after the other, also when they are deleted: Glue answers ConcurrentModificationException when two triggers of
      // one workflow change at once.
      trigger(
        "gold-crawl",
        {
          type: "CONDITIONAL",
          predicate: { conditions: [{ jobName: job.name, state: "SUCCEEDED" }] },
          actions: [{ crawlerName: args.gold.crawler.name }],
        },
        [start],
      );
      if (args.jobSchedule !== undefined) {
        // Outside the workflow, whose start trigger is one only.
        new aws.glue.Trigger(
          `${name}-job-alone`,
          { type: "SCHEDULED", schedule: args.jobSchedule, actions: [{ jobName: job.name }] },
          { parent },
        );
      }
    }

    function trigger(
      step: string,
      triggerArgs: Omit<aws.glue.TriggerArgs, "workflowName">,
      dependsOn: aws.glue.Trigger[] = [],
    ) {
      return new aws.glue.Trigger(
        `${name}-${step}`,
        { workflowName: workflow.name, ...triggerArgs },
        { parent, dependsOn },
      );
    }
  }
}
