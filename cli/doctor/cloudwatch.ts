import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  type Statistic,
} from "@aws-sdk/client-cloudwatch";
import { METRICS_NAMESPACE } from "../../handlers/clients/metric-names.ts";
import { explained } from "../stack/aws-errors.ts";
import type { Alarm, CallsLeft, FlaggedValues, Traffic } from "./examined-stack.ts";

const PERIOD_SECONDS = 300;

/** A batch may wait for five minutes, and metrics come a few minutes late: so young may an observation be unread. */
const UNREAD_MILLIS = 15 * 60_000;

/** DescribeAlarms takes at most 100 names. */
const ALARMS_LIMIT = 100;

/** Questions to metrics of functions, by their names on AWS; all look back from `now`. */
interface MetricsReader {
  /** Seconds behind the stream; undefined: nothing was read. */
  iteratorAge(functionName: string): Promise<number | undefined>;
  /** Undefined: the producer did not run. */
  callsLeft(producer: string): Promise<CallsLeft | undefined>;
  flaggedValues(archive: string): Promise<FlaggedValues>;
  traffic(producer: string, consumer: string): Promise<Traffic>;
}

export function createMetricsReader(
  cloudwatch: CloudWatchClient,
  { now, lookBackSeconds }: { readonly now: Date; readonly lookBackSeconds: number },
): MetricsReader {
  const lambda = (name: string, FunctionName: string, stat: Statistic) =>
    series("AWS/Lambda", name, { FunctionName }, stat);
  const own = (name: string, service: string, stat: Statistic) =>
    series(METRICS_NAMESPACE, name, { service }, stat);

  /** Newest first. */
  async function series(
    Namespace: string,
    MetricName: string,
    dimensions: Readonly<Record<string, string>>,
    Stat: Statistic,
  ): Promise<{ readonly at: Date; readonly value: number }[]> {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    const request = new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - lookBackSeconds * 1000),
      EndTime: now,
      ScanBy: "TimestampDescending",
      MetricDataQueries: [
        {
          Id: "asked",
          MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: PERIOD_SECONDS, Stat },
        },
      ],
    });
    const { MetricDataResults: [result] = [] } = await explained("CloudWatch", cloudwatch.send(request));
    const { Values = [], Timestamps = [] } = result ?? {};
    return Values.map((value, index) => ({ at: Timestamps[index] ?? now, value }));
  }

  return {
    /** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html: milliseconds */
    async iteratorAge(functionName) {
      const [newest] = await lambda("IteratorAge", functionName, "Maximum");
      return newest && newest.value / 1000;
    },

    async callsLeft(producer) {
      const [newest] = await own("ApiCallsLeftToday", producer, "Minimum");
      return newest && { calls: newest.value, at: newest.at };
    },

    async flaggedValues(archive) {
      const [erroneous, doubtful] = await Promise.all([
        own("ErroneousValues", archive, "Sum"),
        own("DoubtfulValues", archive, "Sum"),
      ]);
      return { erroneous: sum(erroneous), doubtful: sum(doubtful) };
    },

    async traffic(producer, consumer) {
      const [sent, invoked] = await Promise.all([
        own("ObservationsSent", producer, "Sum"),
        lambda("Invocations", consumer, "Sum"),
      ]);
      const due = sent.filter(({ at }) => now.getTime() - at.getTime() >= UNREAD_MILLIS);
      return { sent: sum(due), invocations: sum(invoked) };
    },
  };
}

function sum(points: readonly { readonly value: number }[]): number {
  return points.reduce((total, { value }) => total + value, 0);
}

/** @param alarms name in the program and, as id, on AWS */
export async function alarmStates(
  cloudwatch: CloudWatchClient,
  alarms: readonly { readonly name: string; readonly id: string }[],
): Promise<Alarm[]> {
  const found = new Map<string | undefined, MetricAlarm>();
  for (let from = 0; from < alarms.length; from += ALARMS_LIMIT) {
    const AlarmNames = alarms.slice(from, from + ALARMS_LIMIT).map(({ id }) => id);
    const request = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: ALARMS_LIMIT });
    const { MetricAlarms = [] } = await explained("CloudWatch", cloudwatch.send(request));
    for (const alarm of MetricAlarms) found.set(alarm.AlarmName, alarm);
  }
  return alarms.map(({ name, id }) => {
    const { StateValue, AlarmDescription = "" } = found.get(id) ?? {};
    return { name, state: StateValue, description: AlarmDescription };
  });
}
