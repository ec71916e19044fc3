import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { OpsFrame } from "./runbook.ts";

/** An event of AWS that notifies ops. Unlike an alarm, it does not end. */
export interface Notice {
  /** Name of the EventBridge rule. */
  readonly name: string;
  readonly description: string;
  readonly pattern: Readonly<Record<string, unknown>>;
  /**
   * Where `<name>` in the text comes from: JSON paths into the event. Names, ids and states only: the text is sent as JSON,
   * and a quote or a line end of Glue's own error text might make it none, which EventBridge drops.
   */
  readonly paths: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Glue publishes a failure metric only when something fails, so we use EventBridge state-change events instead of an alarm.
 * https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
 */
export function noticesOf(
  job: aws.glue.Job,
  crawlers: readonly aws.glue.Crawler[],
  { stack, runbook }: OpsFrame,
): Notice[] {
  return [
    {
      name: "failed-job",
      description: "Tells ops of a failed run of the ETL job",
      pattern: {
        source: ["aws.glue"],
        "detail-type": ["Glue Job State Change"],
        detail: { jobName: [job.name], state: ["FAILED", "TIMEOUT"] },
      },
      paths: {
        job: "$.detail.jobName",
        run: "$.detail.jobRunId",
        state: "$.detail.state",
      },
      text:
        `${stack} The Glue job <job> ended as <state>, run <run>. ` +
        "Why: aws glue get-job-run --job-name <job> --run-id <run> --query JobRun.ErrorMessage. " +
        runbook("failed-job"),
    },
    {
      name: "failed-crawler",
      description: "Tells ops of a failed run of a crawler",
      pattern: {
        source: ["aws.glue"],
        "detail-type": ["Glue Crawler State Change"],
        detail: { crawlerName: crawlers.map(({ name }): pulumi.Output<string> => name), state: ["Failed"] },
      },
      paths: { crawler: "$.detail.crawlerName" },
      text:
        `${stack} The Glue crawler <crawler> failed. ` +
        "Why: aws glue get-crawler --name <crawler> --query Crawler.LastCrawl.ErrorMessage. " +
        runbook("failed-crawler"),
    },
  ];
}
