import * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { type Counting, METRICS, type MetricOf } from "../handlers/clients/metric-names.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { type Notice, noticesOf } from "./notices.ts";
import type { OpsTopic } from "./ops-topic.ts";
import { opsFrame } from "./runbook.ts";
import { ownMetric } from "./watch-metrics.ts";
import { type Watch, type WatchedParts, watchesOf } from "./watches.ts";

const { Dashboard, HorizontalAnnotation, LineGraphMetricWidget } = classic.cloudwatch;

export interface OperationsArgs {
  readonly watched: WatchedParts;
  readonly job: aws.glue.Job;
  readonly crawlers: readonly aws.glue.Crawler[];
  readonly lake: LakeBucket;
  /** Hears of alarms. */
  readonly topic: OpsTopic;
  /** Of docs/runbook.md as it is published. */
  readonly runbookUrl: string | undefined;
}

/** Three graphs a row. */
const WIDGET_WIDTH = 8;

/** What ops are told: alarms and their graphs from one list, failed jobs and crawlers, records that were given up. */
export class Operations extends pulumi.ComponentResource {
  readonly dashboard: classic.cloudwatch.Dashboard;

  constructor(name: string, args: OperationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Operations", name, {}, opts);
    const parent = this;
    const { topic, lake, watched } = args;

    const { stack, runbook } = opsFrame(args.runbookUrl);
    const watches = watchesOf(watched);
    for (const watch of watches) createAlarm(watch);
    this.dashboard = createDashboard();
    for (const notice of noticesOf(args.job, args.crawlers, { stack, runbook })) createRule(notice);
    const mayPublish = topic.allowPublishers(lake.bucket);
    createGivenUpNotification();

    this.registerOutputs();

    function createAlarm({ metric, title, comparison, missing, threshold, ...watch }: Watch) {
      metric.createAlarm(
        watch.name,
        {
          // What a mail's subject shows; an alarm's name is one for the account and region.
          name: `${pulumi.getProject()}-${pulumi.getStack()}-${watch.name}`,
          alarmDescription: `${stack} ${title}. ${runbook(watch.runbook)}`,
          threshold,
          evaluationPeriods: watch.evaluationPeriods,
          comparisonOperator: comparison,
          treatMissingData: missing,
          alarmActions: [topic.topic.arn],
          okActions: [topic.topic.arn],
        },
        { parent },
      );
    }

    function createDashboard() {
      const counted = Object.keys(METRICS) as Counting[];
      return new Dashboard(
        name,
        { widgets: [...watches.map(watchWidget), ...counted.map(countsWidget)] },
        { parent },
      );
    }

    function watchWidget({ title, metric, threshold }: Watch) {
      const annotations = new HorizontalAnnotation({ aboveEdge: { value: threshold, label: "alarm" } });
      return new LineGraphMetricWidget({ title, width: WIDGET_WIDTH, metrics: [metric], annotations });
    }

    function countsWidget<Function extends Counting>(counting: Function) {
      const names = Object.keys(METRICS[counting]) as MetricOf<Function>[];
      return new LineGraphMetricWidget({
        title: `What ${counting} counts`,
        width: WIDGET_WIDTH,
        metrics: names.map((metric) => ownMetric(counting, metric, watched.functions)),
      });
    }

    function createRule({ name: rule, description, pattern, paths, text }: Notice) {
      const created = new aws.cloudwatch.EventRule(
        rule,
        { description, eventPattern: pulumi.jsonStringify(pattern) },
        { parent },
      );
      new aws.cloudwatch.EventTarget(
        rule,
        {
          rule: created.name,
          arn: topic.topic.arn,
          inputTransformer: { inputPaths: paths, inputTemplate: JSON.stringify(text) },
        },
        { parent },
      );
    }

    /**
     * S3 counts no objects of a prefix; it can tell of each. Lambda's own count, OnFailureDestinationDeliveredEventCount,
     * comes with five others, all billed, for each mapping, and there is none for webhooks.
     */
    function createGivenUpNotification() {
      return new aws.s3.BucketNotification(
        "given-up",
        {
          bucket: lake.bucket.bucket,
          topics: [
            {
              id: `${stack} ${runbook("given-up-records")}`, // the one text of our own in the message
              topicArn: topic.topic.arn,
              events: ["s3:ObjectCreated:*"],
              filterPrefix: "aws/lambda/",
            },
          ],
        },
        { parent, dependsOn: [mayPublish] }, // S3 tries it at once, and refuses what it may not use
      );
    }
  }
}
