import type { ConfigChange } from "./stack.ts";

export const SETTINGS: readonly ConfigChange[] = [
  {
    what: "the poll rate changes",
    set: { poll: "rate(10 minutes)" },
    touches: {
      "cloudwatch.EventRule poll": "update",
      "cloudwatch.EventRule watch": "update",
      // An event that waits longer than the shortest interval of the schedule is discarded.
      "cloudwatch.EventTarget poll": "update",
      "cloudwatch.EventTarget watch": "update",
      "lambda.FunctionEventInvokeConfig poll": "update",
      "lambda.FunctionEventInvokeConfig watch": "update",
      "lambda.Function watch": "update",
      // The call budget: what the producer counts down from, and what the alarms about it compare with.
      "lambda.Function produce": "update",
      "cloudwatch.MetricAlarm no-observations": "update",
      "cloudwatch.MetricAlarm alert-not-invoked": "update",
      "cloudwatch.MetricAlarm archive-not-invoked": "update",
      "cloudwatch.MetricAlarm watch-not-invoked": "update",
      "cloudwatch.MetricAlarm quota": "update",
      "cloudwatch.Dashboard operations": "update",
    },
  },
  { what: "the API key changes", set: { apiKey: "other" }, touches: { "ssm.Parameter api-key": "update" } },
  {
    what: "the stream becomes on-demand, or keeps records longer",
    set: { stream: { mode: "on-demand", retentionHours: 168 } },
    touches: { "kinesis.Stream observations": "update" },
  },
  {
    what: "the ETL starts at another hour",
    set: { "lake.schedule": "cron(0 6 * * ? *)" },
    touches: { "glue.Trigger etl-raw-crawl": "update" },
  },
  {
    what: "the crawlers run every day with the job, which no longer starts alone",
    set: { lake: { schedule: "cron(30 0 * * ? *)" } },
    touches: { "glue.Trigger etl-raw-crawl": "update", "glue.Trigger etl-job-alone": "delete" },
  },
  {
    what: "alarms are sent to a mailbox",
    set: { opsEmail: "ops@example.org" },
    touches: { "sns.TopicSubscription operations": "create" },
  },
  {
    what: "the runbook is published (`runbookUrl`)",
    set: { runbookUrl: "https://example.org/runbook" },
    touches: {
      "cloudwatch.MetricAlarm *": "update",
      "cloudwatch.EventTarget failed-job": "update",
      "cloudwatch.EventTarget failed-crawler": "update",
      "s3.BucketNotification given-up": "update",
      "lambda.Function watch": "update",
    },
  },
  {
    what: "logs are kept longer",
    set: { logRetentionDays: 90 },
    touches: { "cloudwatch.LogGroup *": "update" },
  },
  {
    what: "the stack is protected (`protect`)",
    set: { protect: true },
    touches: {
      "kms.Key observations": "update",
      "s3.Bucket lake": "update",
      "s3.BucketVersioning lake": "create",
      "s3.BucketLifecycleConfiguration lake": "update",
    },
  },
];
