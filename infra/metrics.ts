import type * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import { METRICS_NAMESPACE, type MeteredFunction, type MetricOf } from "../handlers/clients/metric-names.ts";

const { Metric } = classic.cloudwatch;

export const PERIOD_SECONDS = 300;

/** @param one Defaults to all functions of the account in this region. */
export function lambdaMetric(name: string, one?: aws.lambda.Function) {
  return new Metric({
    namespace: "AWS/Lambda",
    name,
    ...(one && { dimensions: { FunctionName: one.name } }),
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

/** A metric that the function publishes itself. */
export function ownMetric<Function extends MeteredFunction>(
  metered: Function,
  name: MetricOf<Function>,
  functions: Readonly<Record<MeteredFunction, aws.lambda.Function>>,
) {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    name,
    dimensions: { service: functions[metered].name },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

export function streamMetric({ name: StreamName }: aws.kinesis.Stream) {
  return new Metric({
    namespace: "AWS/Kinesis",
    name: "WriteProvisionedThroughputExceeded",
    dimensions: { StreamName },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

export function topicMetric({ name: TopicName }: aws.sns.Topic) {
  return new Metric({
    namespace: "AWS/SNS",
    name: "NumberOfNotificationsFailed",
    dimensions: { TopicName },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

/** SNS has this metric for the whole account only, and publishes it when an SMS is sent. */
export function smsSpendMetric() {
  return new Metric({
    namespace: "AWS/SNS",
    name: "SMSMonthToDateSpentUSD",
    statistic: "Maximum",
    period: PERIOD_SECONDS,
  });
}
