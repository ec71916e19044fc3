import * as z from "zod";
import type { LeftOut } from "./marker.ts";

const day = z.iso.date();

const tableReportSchema = z.object({
  /** Days that were to be rebuilt. */
  stale: z.array(day),
  /** Days that were rebuilt: the stale ones, or none in a dry run. */
  rebuilt: z.array(day),
  /** Days whose raw is partly gone: their gold stays. */
  frozen: z.array(day),
  /** Number of days that needed nothing. */
  upToDate: z.number(),
  /** Why each stale or frozen day is so. */
  reasons: z.record(day, z.array(z.string())),
  /** Lines of raw that were read, blank ones not counted. */
  linesIn: z.number(),
  rowsOut: z.number(),
  /** Lines that told a row which another line tells. */
  duplicates: z.number(),
  /** Lines that make no row. */
  rejected: z.number(),
  /** Objects below the table's prefix or among its markers that were not read, and stay; reports of earlier versions have none. */
  leftOut: z.number().default(0),
  /** Why, of the first {@link NAMED_LEFT_OUT} by key. */
  leftOutReasons: z.record(z.string(), z.string()).default({}),
  seconds: z.number(),
});

/** What a run of the job did, the same whichever engine it ran on: its last line of output and `reports/etl/….json`. */
export const jobReportSchema = z.object({
  /** Glue's id of the run. */
  run: z.string(),
  engine: z.enum(["duckdb", "spark"]),
  /** When the process started by the machine's clock, ISO 8601 UTC. */
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  dryRun: z.boolean(),
  /** Days asked for. */
  from: day.nullable(),
  to: day.nullable(),
  tables: z.record(z.string(), tableReportSchema),
});

export type TableReport = Readonly<z.infer<typeof tableReportSchema>>;
export type JobReport = Readonly<z.infer<typeof jobReportSchema>>;

/** A folder of something else that was copied below `raw/` must not make a report of megabytes. */
const NAMED_LEFT_OUT = 100;

/** What a table's report says of what was left out; `leftOut` is sorted by key. */
export function leftOutFigures(leftOut: readonly LeftOut[]): Pick<TableReport, "leftOut" | "leftOutReasons"> {
  const named = leftOut.slice(0, NAMED_LEFT_OUT).map(({ key, reason }) => [key, reason]);
  return { leftOut: leftOut.length, leftOutReasons: Object.fromEntries(named) };
}

/** Where the reports of all runs are. */
export const REPORT_PREFIX = "reports/etl/";

/** Key of a run's report: the names sort by the time of the run. */
export function reportKey({ startedAt, run }: Pick<JobReport, "startedAt" | "run">): string {
  return `${REPORT_PREFIX}${startedAt.replaceAll(":", "")}-${run}.json`;
}

const METRICS = {
  RebuiltDays: ["Count", ({ rebuilt }: TableReport) => rebuilt.length],
  FrozenDays: ["Count", ({ frozen }: TableReport) => frozen.length],
  LinesIn: ["Count", ({ linesIn }: TableReport) => linesIn],
  RowsOut: ["Count", ({ rowsOut }: TableReport) => rowsOut],
  Duplicates: ["Count", ({ duplicates }: TableReport) => duplicates],
  Rejected: ["Count", ({ rejected }: TableReport) => rejected],
  LeftOut: ["Count", ({ leftOut }: TableReport) => leftOut],
  Seconds: ["Seconds", ({ seconds }: TableReport) => seconds],
} as const;

/**
 * The figures of each table as a line that CloudWatch makes metrics of when it is logged.
 * @param job name on AWS: stacks of one account stay apart by it, as they do by the names of their functions
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLines(job: string, { run, startedAt, tables }: JobReport): string[] {
  const metrics = Object.entries(METRICS);
  return Object.entries(tables).map(([table, report]) =>
    JSON.stringify({
      _aws: {
        Timestamp: Date.parse(startedAt),
        CloudWatchMetrics: [
          {
            Namespace: "Stormwire",
            Dimensions: [["service", "table"]],
            Metrics: metrics.map(([Name, [Unit]]) => ({ Name, Unit })),
          },
        ],
      },
      service: job,
      table,
      run,
      ...Object.fromEntries(metrics.map(([name, [, figure]]) => [name, figure(report)])),
    }),
  );
}
