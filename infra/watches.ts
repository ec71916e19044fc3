import type * as aws from "@pulumi/aws";
import type { classic } from "@pulumi/awsx";
import { type CallBudget, fewCallsLeft } from "../config/polling.ts";
import type { Counting } from "../handlers/clients/metric-names.ts";
import {
  lambdaMetric,
  ownMetric,
  PERIOD_SECONDS,
  smsSpendMetric,
  streamMetric,
  topicMetric,
} from "./watch-metrics.ts";

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
    ...lost(parts),
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
  const gauge = (id: string, title: string, metric: classic.cloudwatch.Metric): Watch => ({
    ...count(id, title, metric.withStatistic("Maximum"), id),
    missing: "ignore",
  });
  const silent = [
    gauge("silent-stations", "Silent stations", ownMetric("watch", "SilentStations", functions)),
    gauge("unwatched-measures", "Measures without data", ownMetric("watch", "UnwatchedMeasures", functions)),
  ];
  const period = silencePeriod(silentAfterSeconds);
  if (period === undefined) return silent;
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
  return [...silent, none];
}

/**
 * Functions that each poll sets off. One that nobody invokes any more has no errors, no iterator age and no silent
 * stations: a mapping that is disabled or may not read, a rule or a permission that is gone. What `produce` does not do
 * shows in the observations; `notify` may have nothing to do for months.
 */
function notInvoked({ functions: { alert, archive, watch }, silentAfterSeconds }: WatchedParts): Watch[] {
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

/** Period in which something is to be seen of a pipeline that is polled; undefined: no alarm looks back so far. */
function silencePeriod(silentAfterSeconds: number): number | undefined {
  const period = Math.ceil(silentAfterSeconds / PERIOD_SECONDS) * PERIOD_SECONDS;
  return period > DAY_SECONDS ? undefined : period;
}

/**
 * What was given up and could not be written to the bucket either: no object, so no message of S3. Lambda counts it
 * for mappings of streams and for asynchronous invocations alike.
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
function lost({ functions: { alert, archive, notify }, webhooks }: WatchedParts): Watch[] {
  return Object.entries({ alert, archive, notify, ...webhooks }).map(([name, one]) =>
    count(
      `${name}-lost`,
      `What ${name} gave up and Lambda could not keep`,
      lambdaMetric("DestinationDeliveryFailures", one),
      "lost-records",
    ),
  );
}

function smsSpend(monthlyLimitUsd: number): Watch {
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
