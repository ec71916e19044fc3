import type * as aws from "@pulumi/aws";
import type { classic } from "@pulumi/awsx";
import { type CallBudget, fewCallsLeft } from "../config/polling.ts";
import type { MeteredFunction } from "../handlers/clients/metric-names.ts";
import {
  lambdaMetric,
  ownMetric,
  PERIOD_SECONDS,
  smsSpendMetric,
  streamMetric,
  topicMetric,
} from "./metrics.ts";

export interface MonitoredParts {
  readonly functions: Readonly<Record<MeteredFunction, aws.lambda.Function>>;
  /** By name of the function: `webhook-NAME`. */
  readonly webhooks: Readonly<Record<string, aws.lambda.Function>>;
  readonly stream: aws.kinesis.Stream;
  /** Notifies the subscribers. */
  readonly topic: aws.sns.Topic;
  readonly calls: CallBudget;
  /** Seconds without an observation after which a station counts as silent. */
  readonly silentAfterSeconds: number;
  readonly monthlySmsLimitUsd: number;
}

/** An alarm, which is also a graph of the dashboard. */
export interface Alarm {
  /** Name of the alarm within the stack. */
  readonly name: string;
  readonly title: string;
  readonly metric: classic.cloudwatch.Metric;
  readonly comparison: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Periods of the metric that must all be beyond the threshold. */
  readonly evaluationPeriods: number;
  /** How CloudWatch treats missing data: `notBreaching` for counts, `ignore` for gauges. */
  readonly missing: "notBreaching" | "ignore" | "breaching";
  /** Section of docs/runbook.md. */
  readonly runbook: string;
}

const DAY_SECONDS = 86_400;

/** Ten times the minute within which an observation becomes an alert. */
const MAX_ITERATOR_AGE_MINUTES = 10;

/** Share of the monthly limit that leaves time to have it raised before SNS stops sending. */
const SMS_SPEND_RATIO = 0.8;

/**
 * All alarms, in the order of the dashboard. An alarm costs $0.10 per month and metric, so one metric of the whole
 * account is used where there is one (docs/decisions/0014).
 */
export function alarmsOf(parts: MonitoredParts): Alarm[] {
  const { functions } = parts;
  return [
    ...Object.entries(functions).map(([name, one]) =>
      count(`${name}-errors`, `Errors of ${name}`, lambdaMetric("Errors", one), "function-errors"),
    ),
    count("throttles", "Throttled functions of the account", lambdaMetric("Throttles"), "throttles"),
    ...iteratorAges(parts),
    ...notInvoked(parts),
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
      // The producer retries when a shard is full. A shard that stays full is too small.
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
    ...lostRecords(parts),
  ];
}

/** Alarms at the first occurrence in a period. */
function count(name: string, title: string, metric: classic.cloudwatch.Metric, runbook: string): Alarm {
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

function iteratorAges({ functions: { alert, archive } }: MonitoredParts): Alarm[] {
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

/** Silent stations, and no observations at all: the function that watches stations may have stopped, too. */
function observations({ functions, silentAfterSeconds }: MonitoredParts): Alarm[] {
  const gauge = (id: string, title: string, metric: classic.cloudwatch.Metric): Alarm => ({
    ...count(id, title, metric.withStatistic("Maximum"), id),
    missing: "ignore",
  });
  const silent = [
    gauge("silent-stations", "Silent stations", ownMetric("watch", "SilentStations", functions)),
    gauge("unwatched-measures", "Measures without data", ownMetric("watch", "UnwatchedMeasures", functions)),
  ];
  const period = silencePeriod(silentAfterSeconds);
  if (period === undefined) return silent;
  const none: Alarm = {
    ...count(
      "no-observations",
      "Observations sent",
      ownMetric("produce", "ObservationsSent", functions).withPeriod(period),
      "no-observations",
    ),
    comparison: "LessThanThreshold",
    missing: "breaching",
  };
  return [...silent, none];
}

/**
 * Functions that run after every poll. A function that is no longer invoked, because a mapping is disabled or a rule or
 * permission is gone, reports no errors and no iterator age. `produce` is covered by the observations, and `notify` may
 * rightly be idle for months.
 */
function notInvoked({ functions: { alert, archive, watch }, silentAfterSeconds }: MonitoredParts): Alarm[] {
  const period = silencePeriod(silentAfterSeconds);
  if (period === undefined) return [];
  return Object.entries({ alert, archive, watch }).map(([name, one]) => ({
    ...count(
      `${name}-not-invoked`,
      `Invocations of ${name}`,
      lambdaMetric("Invocations", one).withPeriod(period),
      "not-invoked",
    ),
    comparison: "LessThanThreshold",
    missing: "breaching",
  }));
}

/** Period in which a polled pipeline shows activity. Undefined when it is longer than an alarm can evaluate. */
function silencePeriod(silentAfterSeconds: number): number | undefined {
  const period = Math.ceil(silentAfterSeconds / PERIOD_SECONDS) * PERIOD_SECONDS;
  return period > DAY_SECONDS ? undefined : period;
}

/**
 * Failed records that could not be written to the bucket either, so that S3 sends no message. Lambda counts them for
 * stream mappings and for asynchronous invocations.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function lostRecords({ functions: { alert, archive, notify }, webhooks }: MonitoredParts): Alarm[] {
  return Object.entries({ alert, archive, notify, ...webhooks }).map(([name, one]) =>
    count(
      `${name}-lost`,
      `What ${name} gave up and Lambda could not keep`,
      lambdaMetric("DestinationDeliveryFailures", one),
      "lost-records",
    ),
  );
}

function smsSpend(monthlyLimitUsd: number): Alarm {
  return {
    name: "sms-spend",
    title: "Spent on texts this month, US dollars",
    metric: smsSpendMetric(),
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: SMS_SPEND_RATIO * monthlyLimitUsd,
    evaluationPeriods: 1,
    missing: "ignore",
    runbook: "sms-spend",
  };
}
