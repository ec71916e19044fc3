import type { Usage } from "./bill.ts";
import { invocationsOf, type MonthOf, runsOf } from "./events.ts";
import { counted, numeral } from "./numbers.ts";
import { DAYS_A_MONTH } from "./schedule-runs.ts";
import { BYTES_A_GB, MEGABYTES_A_GB } from "./units.ts";

/** Logs, alarms, metrics and dashboards. */
export function operationsUsage(month: MonthOf): Usage[] {
  return [...logs(month), ...operations(month)];
}

function logs(month: MonthOf): Usage[] {
  const { deployment, workload } = month;
  const { logBytes, glueLogMegabytes } = workload.assumptions;
  const glueRuns = [...deployment.crawlers, ...deployment.jobs].reduce((sum, run) => sum + runsOf(run), 0);
  const glueGigabytes = (glueRuns * glueLogMegabytes) / MEGABYTES_A_GB;
  const invocations = deployment.functions.map((lambda) => ({
    lambda,
    gigabytes: (invocationsOf(month, lambda.name) * logBytes) / BYTES_A_GB,
  }));
  const total = invocations.reduce((sum, { gigabytes }) => sum + gigabytes, 0);
  const sinceStart = workload.assumptions.month;
  // Glue's own log groups keep everything.
  const kept = invocations.reduce(
    (sum, { lambda, gigabytes }) =>
      sum +
      gigabytes * Math.min((lambda.logRetentionDays ?? Number.POSITIVE_INFINITY) / DAYS_A_MONTH, sinceStart),
    glueGigabytes * sinceStart,
  );
  const count = deployment.functions.reduce((sum, { name }) => sum + invocationsOf(month, name), 0);
  const basis = `${counted(count, "invocation")} x ${numeral(logBytes)} bytes + ${counted(glueRuns, "Glue run")} x ${glueLogMegabytes} MB`;
  return [
    { price: "logs.ingest", quantity: total + glueGigabytes, basis },
    { price: "logs.store", quantity: kept, basis: "of those what is kept by then" },
  ];
}

function operations({ deployment, workload }: MonthOf): Usage[] {
  const { customMetrics } = workload.assumptions;
  return [
    {
      price: "cloudwatch.alarm",
      quantity: deployment.alarms,
      basis: counted(deployment.alarms, "alarm"),
    },
    {
      price: "cloudwatch.metric",
      quantity: customMetrics,
      basis: counted(customMetrics, "custom metric"),
    },
    {
      price: "cloudwatch.dashboard",
      quantity: deployment.dashboards,
      basis: counted(deployment.dashboards, "dashboard"),
    },
  ];
}
