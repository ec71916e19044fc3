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
  const invocations = deployment.functions.map(({ name, logRetentionDays: days }) => ({
    days,
    gigabytes: (invocationsOf(month, name) * logBytes) / BYTES_A_GB,
  }));
  const crawlers = deployment.crawlers.map((crawler) => ({ ...crawler, logRetentionDays: undefined }));
  const glue = [...crawlers, ...deployment.jobs].map((run) => ({
    days: run.logRetentionDays,
    runs: runsOf(run),
    gigabytes: (runsOf(run) * glueLogMegabytes) / MEGABYTES_A_GB,
  }));
  const glueRuns = glue.reduce((sum, { runs }) => sum + runs, 0);
  const all = [...invocations, ...glue];
  const total = all.reduce((sum, { gigabytes }) => sum + gigabytes, 0);
  // The group that Glue's crawlers write to keeps everything.
  const kept = all.reduce(
    (sum, { days = Number.POSITIVE_INFINITY, gigabytes }) =>
      sum + gigabytes * Math.min(days / DAYS_A_MONTH, workload.assumptions.month),
    0,
  );
  const count = deployment.functions.reduce((sum, { name }) => sum + invocationsOf(month, name), 0);
  const basis = `${counted(count, "invocation")} x ${numeral(logBytes)} bytes + ${counted(glueRuns, "Glue run")} x ${glueLogMegabytes} MB`;
  return [
    { price: "logs.ingest", quantity: total, basis },
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
