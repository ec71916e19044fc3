import type * as aws from "@pulumi/aws";
import { classic } from "@pulumi/awsx";
import { type Counting, METRICS_NAMESPACE, type MetricOf } from "../handlers/aws/metric-names.ts";
import { type CallBudget, fewCallsLeft } from "./calls.ts";

const { Metric } = classic.cloudwatch;

export interface WatchedParts {
  readonly functions: Readonly<Record<Counting, aws.lambda.Function>>;
  /** By name of the function: `webhook-NAME`. */
  readonly webhooks: Readonly<Record<string, aws.lambda.Function>>;
  readonly stream: aws.kinesis.Stream;
  /** That people hear. */
  readonly topic: aws.sns.Topic;
  readonly calls: CallBudget;
  /** After so many seconds without an observation a station counts as silent. */
  readonly silentAfterSeconds: number;
  /** What texts may cost in a month. */
  readonly monthlySmsLimitUsd: number;
}

/** One thing that is looked after: an alarm and a graph of the dashboard. */
export interface Watch {
  /** Of the alarm. */
  readonly name: string;
  readonly title: string;
  readonly metric: classic.cloudwatch.Metric;
  readonly comparison: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Of the metric's period, all of which must be beyond the threshold. */
  readonly evaluationPeriods: number;
  /** What no data means: of a count that nothing happened, of a level that it is as it was. */
  readonly missing: "notBreaching" | "ignore" | "breaching";
  /** Section of docs/runbook.md. */
  readonly runbook: string;
}

const PERIOD_SECONDS = 300;
const DAY_SECONDS = 86_400;

/** An alert is promised within a minute of its observation; ten times that is a pipeline that stands still. */
const MAX_ITERATOR_AGE_MINUTES = 10;

/** Of the monthly limit: time is left to have it raised before SNS stops. */
const SMS_SPEND_RATIO = 0.8;

/**
 * Everything that raises an alarm, in the order of the dashboard. An alarm costs $0.10 a month and metric: where one
 * metric of the account says it for all, there is one alarm (docs/decisions/0014).
 */
export function watchesOf(parts: WatchedParts): Watch[] {
  const { functions } = parts;
  return [
    ...Object.entries(functions).map(([name, one]) =>
      count(`${name}-errors`, `Errors of ${name}`, lambdaMetric("Errors", one), "function-errors"),
    ),
    count("throttles", "Throttled functions of the account", lambdaMetric("Throttles"), "throttles"),
    ...iteratorAges(parts),
    count(
      "alert-locations-failed",
      "Places whose records went back to the stream",
      ownMetric("alert", "LocationsFailed", functions),
      "places-that-fail",
    ),
    ...observations(parts),
    {
      ...count(
        "quota",
        "Calls left of the weather API",
        ownMetric("produce", "ApiCallsLeftToday", functions),
        "quota",
      ),
      metric: ownMetric("produce", "ApiCallsLeftToday", functions).withStatistic("Minimum"),
      comparison: "LessThanThreshold",
      threshold: fewCallsLeft(parts.calls),
      missing: "ignore",
    },
    count(
      "quarantine",
      "Records in quarantine",
      ownMetric("archive", "QuarantinedRecords", functions),
      "quarantine",
    ),
    {
      // A full shard is retried by the producer; one that stays full is too small.
      ...count("full-stream", "Records that the stream refused", streamMetric(parts.stream), "full-stream"),
      evaluationPeriods: 3,
    },
    count(
      "undelivered",
      "Messages that SNS could not deliver",
      topicMetric(parts.topic),
      "undelivered-messages",
    ),
    smsSpend(parts.monthlySmsLimitUsd),
    ...Object.entries(parts.webhooks).map(([name, one]) =>
      count(
        `${name}-dead`,
        `Messages that ${name} gave up`,
        lambdaMetric("AsyncEventsDropped", one),
        "dead-webhooks",
      ),
    ),
  ];
}

/** One in a period is one too many. */
function count(name: string, title: string, metric: classic.cloudwatch.Metric, runbook: string): Watch {
  return {
    name,
    title,
    metric,
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    evaluationPeriods: 1,
    missing: "notBreaching",
    runbook,
  };
}

function iteratorAges({ functions: { alert, archive } }: WatchedParts): Watch[] {
  return Object.entries({ alert, archive }).map(([name, one]) => ({
    ...count(
      `${name}-iterator-age`,
      `How far ${name} is behind the stream, ms`,
      lambdaMetric("IteratorAge", one).withStatistic("Maximum"),
      "behind-the-stream",
    ),
    threshold: MAX_ITERATOR_AGE_MINUTES * 60_000,
    evaluationPeriods: 2,
  }));
}

/** Stations that are silent, and the silence of them all: what looks after stations may have stopped as well. */
function observations({ functions, silentAfterSeconds }: WatchedParts): Watch[] {
  const silent: Watch = {
    ...count(
      "silent-stations",
      "Silent stations",
      ownMetric("watch", "SilentStations", functions),
      "silent-stations",
    ),
    metric: ownMetric("watch", "SilentStations", functions).withStatistic("Maximum"),
    missing: "ignore",
  };
  const period = Math.ceil(silentAfterSeconds / PERIOD_SECONDS) * PERIOD_SECONDS;
  if (period > DAY_SECONDS) return [silent]; // no alarm looks further back
  const none: Watch = {
    ...count(
      "no-observations",
      "Observations sent",
      ownMetric("produce", "ObservationsSent", functions).withPeriod(period),
      "no-observations",
    ),
    comparison: "LessThanThreshold",
    missing: "breaching",
  };
  return [silent, none];
}

/** Of the whole account: SNS has no other. It is written when a text is sent. */
function smsSpend(monthlyLimitUsd: number): Watch {
  return {
    name: "sms-spend",
    title: "Spent on texts this month, US dollars",
    metric: new Metric({
      namespace: "AWS/SNS",
      name: "SMSMonthToDateSpentUSD",
      statistic: "Maximum",
      period: PERIOD_SECONDS,
    }),
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: SMS_SPEND_RATIO * monthlyLimitUsd,
    evaluationPeriods: 1,
    missing: "ignore",
    runbook: "sms-spend",
  };
}

function lambdaMetric(name: string, watched?: aws.lambda.Function) {
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
  functions: WatchedParts["functions"],
) {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    name,
    dimensions: { service: functions[counting].name },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

function streamMetric({ name: StreamName }: aws.kinesis.Stream) {
  return new Metric({
    namespace: "AWS/Kinesis",
    name: "WriteProvisionedThroughputExceeded",
    dimensions: { StreamName },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}

function topicMetric({ name: TopicName }: aws.sns.Topic) {
  return new Metric({
    namespace: "AWS/SNS",
    name: "NumberOfNotificationsFailed",
    dimensions: { TopicName },
    statistic: "Sum",
    period: PERIOD_SECONDS,
  });
}
