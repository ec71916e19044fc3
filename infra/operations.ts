import type * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { OpsTopic } from "./ops-topic.ts";

const { Dashboard, LineGraphMetricWidget, Metric } = classic.cloudwatch;

export interface OperationsArgs {
  /** Functions by name; an error of any of them raises an alarm. */
  readonly functions: Readonly<Record<string, aws.lambda.Function>>;
  /** Names of those that read the stream; one that falls behind raises an alarm. */
  readonly consumers: readonly string[];
  /** Hears of alarms. */
  readonly topic: OpsTopic;
}

/** An alert is promised within a minute of its observation; ten times that is a pipeline that stands still. */
const MAX_ITERATOR_AGE_MINUTES = 10;

interface Watch {
  readonly name: string;
  readonly title: string;
  readonly metric: classic.cloudwatch.Metric;
  readonly threshold: number;
  readonly evaluationPeriods: number;
}

/** Alarms to an ops topic and a dashboard, both from one list of what is watched. */
export class Operations extends pulumi.ComponentResource {
  readonly dashboard: classic.cloudwatch.Dashboard;

  constructor(name: string, args: OperationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Operations", name, {}, opts);
    const parent = this;

    const watches = [...functionErrors(), ...iteratorAges()];
    for (const watch of watches) {
      createAlarm(watch);
    }
    this.dashboard = createDashboard();

    this.registerOutputs();

    function functionErrors(): Watch[] {
      return Object.entries(args.functions).map(([key, { name: FunctionName }]) => ({
        name: `${key}-errors`,
        title: `Errors of ${key}`,
        metric: lambdaMetric("Errors", FunctionName, "Sum"),
        threshold: 1,
        evaluationPeriods: 1,
      }));
    }

    function iteratorAges(): Watch[] {
      return Object.entries(args.functions)
        .filter(([key]) => args.consumers.includes(key))
        .map(([key, { name: FunctionName }]) => ({
          name: `${key}-iterator-age`,
          title: `How far ${key} is behind the stream`,
          metric: lambdaMetric("IteratorAge", FunctionName, "Maximum"),
          threshold: MAX_ITERATOR_AGE_MINUTES * 60_000,
          evaluationPeriods: 2,
        }));
    }

    function createAlarm({ name: alarm, title, metric, threshold, evaluationPeriods }: Watch) {
      metric.createAlarm(
        alarm,
        {
          alarmDescription: title,
          threshold,
          evaluationPeriods,
          comparisonOperator: "GreaterThanOrEqualToThreshold",
          treatMissingData: "notBreaching", // no data means that nothing was invoked
          alarmActions: [args.topic.topic.arn],
          okActions: [args.topic.topic.arn],
        },
        { parent },
      );
    }

    function createDashboard() {
      return new Dashboard(
        name,
        {
          widgets: watches.map(
            ({ title, metric }) => new LineGraphMetricWidget({ title, width: 12, metrics: [metric] }),
          ),
        },
        { parent },
      );
    }
  }
}

function lambdaMetric(metric: string, FunctionName: pulumi.Output<string>, statistic: "Sum" | "Maximum") {
  return new Metric({
    namespace: "AWS/Lambda",
    name: metric,
    dimensions: { FunctionName },
    statistic,
    period: 300,
  });
}
