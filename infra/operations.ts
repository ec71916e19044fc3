import * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { METRICS, type MeteredFunction, type MetricOf } from "../handlers/clients/metric-names.ts";
import { type Alarm, alarmsOf, type MonitoredParts } from "./alarms.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { ownMetric } from "./metrics.ts";
import { type Notice, noticesOf } from "./notices.ts";
import type { OpsTopic } from "./ops-topic.ts";
import { opsFrame } from "./runbook.ts";

const { Dashboard, HorizontalAnnotation, LineGraphMetricWidget } = classic.cloudwatch;

export interface OperationsArgs {
  readonly monitored: MonitoredParts;
  readonly job: aws.glue.Job;
  readonly crawlers: readonly aws.glue.Crawler[];
  readonly lake: LakeBucket;
  /** Receives the alarms. */
  readonly topic: OpsTopic;
  /** URL of docs/runbook.md where it is published. */
  readonly runbookUrl: string | undefined;
}

/** Three graphs per row: a dashboard is 24 units wide. */
const WIDGET_WIDTH = 8;

/** Notifies ops of alarms, failed jobs and crawlers, and failed records. Alarms and dashboard are made from one list. */
export class Operations extends pulumi.ComponentResource {
  readonly dashboard: classic.cloudwatch.Dashboard;

  constructor(name: string, args: OperationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Operations", name, {}, opts);
    const parent = this;
    const { topic, lake, monitored } = args;

    const { stack, runbook } = opsFrame(args.runbookUrl);
    const alarms = alarmsOf(monitored);
    for (const alarm of alarms) createAlarm(alarm);
    this.dashboard = createDashboard();
    for (const notice of noticesOf(args.job, args.crawlers, { stack, runbook })) createRule(notice);
    const mayPublish = topic.allowPublishers(lake.bucket);
    createFailedRecordsNotification();

    this.registerOutputs();

    function createAlarm({ metric, title, comparison, missing, threshold, ...alarm }: Alarm) {
      metric.createAlarm(
        alarm.name,
        {
          // The subject of the e-mail. Names of alarms are unique in an account and region.
          name: `${pulumi.getProject()}-${pulumi.getStack()}-${alarm.name}`,
          alarmDescription: `${stack} ${title}. ${runbook(alarm.runbook)}`,
          threshold,
          evaluationPeriods: alarm.evaluationPeriods,
          comparisonOperator: comparison,
          treatMissingData: missing,
          alarmActions: [topic.topic.arn],
          okActions: [topic.topic.arn],
        },
        { parent },
      );
    }

    function createDashboard() {
      const metered = Object.keys(METRICS) as MeteredFunction[];
      return new Dashboard(
        name,
        { widgets: [...alarms.map(alarmWidget), ...metered.map(countsWidget)] },
        { parent },
      );
    }

    function alarmWidget({ title, metric, threshold }: Alarm) {
      const annotations = new HorizontalAnnotation({ aboveEdge: { value: threshold, label: "alarm" } });
      return new LineGraphMetricWidget({ title, width: WIDGET_WIDTH, metrics: [metric], annotations });
    }

    function countsWidget<Function extends MeteredFunction>(metered: Function) {
      const names = Object.keys(METRICS[metered]) as MetricOf<Function>[];
      return new LineGraphMetricWidget({
        title: `What ${metered} counts`,
        width: WIDGET_WIDTH,
        metrics: names.map((metric) => ownMetric(metered, metric, monitored.functions)),
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
     * S3 has no count of the objects below a prefix, but it can notify of each. Lambda's OnFailureDestinationDeliveredEventCount
     * comes with five other metrics per mapping, all billed, and does not exist for webhooks.
     */
    function createFailedRecordsNotification() {
      return new aws.s3.BucketNotification(
        "given-up",
        {
          bucket: lake.bucket.bucket,
          topics: [
            {
              id: `${stack} ${runbook("given-up-records")}`, // the only text in the message that the program chooses
              topicArn: topic.topic.arn,
              events: ["s3:ObjectCreated:*"],
              filterPrefix: "aws/lambda/",
            },
          ],
        },
        { parent, dependsOn: [mayPublish] }, // S3 publishes a test message at once, and rejects a topic that it may not use
      );
    }
  }
}
