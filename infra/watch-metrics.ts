import type * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import { type Counting, METRICS_NAMESPACE, type MetricOf } from "../handlers/clients/metric-names.ts";

const { Metric } = classic.cloudwatch;

export const PERIOD_SECONDS = 300;

/** @param watched undefined: of all functions of the account in this region */
export function lambdaMetric(name: string, watched?: aws.lambda.Function) {
  return new Metric({
    namespace: "AWS/Lambda",
    name,
    ...(watched && { dimensions: { FunctionName: watched.name } }),
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

/** One that a function counts itself. */
export function ownMetric<Function extends Counting>(
  counting: Function,
  name: MetricOf<Function>,
  functions: Readonly<Record<Counting, aws.lambda.Function>>,
) {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    name,
    dimensions: { service: functions[counting].name },
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

/** Of the whole account: SNS has no other. It is written when a text is sent. */
export function smsSpendMetric() {
  return new Metric({
    namespace: "AWS/SNS",
    name: "SMSMonthToDateSpentUSD",
    statistic: "Maximum",
    period: PERIOD_SECONDS,
  });
}
