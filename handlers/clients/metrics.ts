import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import {
  type Frequency,
  METRICS,
  METRICS_NAMESPACE,
  type MeteredFunction,
  type MetricOf,
} from "./metric-names.ts";

/** Counts of one invocation. Several values of one metric are kept apart, for a minimum or a sum over them. */
export interface Meter<Name extends string> {
  add(name: Name, value: number): void;
  /** Writes the counts, if any, and resets them. */
  publish(): void;
}

/**
 * Counts by one line a time in the embedded metric format on stdout, which CloudWatch Logs takes for metrics; nothing
 * is called for it. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
 */
export function createMeter<Function extends MeteredFunction>(counting: Function): Meter<MetricOf<Function>> {
  const serviceName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? counting;
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName });
  const frequencies: Readonly<Record<string, Frequency>> = METRICS[counting];
  return {
    add(name, value) {
      if (value !== 0 || frequencies[name] === "always") metrics.addMetric(name, MetricUnit.Count, value);
    },
    publish() {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** A handler whose counts are published once an invocation, also when it fails. */
export function counted<Event, Result>(
  meter: Pick<Meter<never>, "publish">,
  handler: (event: Event) => Promise<Result>,
): (event: Event) => Promise<Result> {
  return async (event) => {
    try {
      return await handler(event);
    } finally {
      meter.publish();
    }
  };
}
