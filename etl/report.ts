import * as z from "zod";

const day = z.iso.date();

const tableReportSchema = z.object({
  /** Days that a run has to rebuild. */
  stale: z.array(day),
  /** Days that were rebuilt: the stale ones, or none in a dry run. */
  rebuilt: z.array(day),
  /** Days whose raw is partly gone or broken: their gold stays. */
  frozen: z.array(day),
  /** Number of days that needed no work. */
  upToDate: z.number(),
  /** Why each stale or frozen day is not up to date. */
  reasons: z.record(day, z.string()),
  /** Lines of raw that were read, blank ones not counted. */
  linesIn: z.number(),
  rowsOut: z.number(),
  /** Lines of a location and time that another line has, too. */
  duplicates: z.number(),
  /** Lines that cannot become a row. */
  rejected: z.number(),
  /** Number of objects below the table's prefix that belong to no day or cannot be read. They stay. */
  skipped: z.number(),
  /** The first {@link NAMED_SKIPPED} of them. */
  skippedKeys: z.array(z.string()),
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
const NAMED_SKIPPED = 100;

/** What a table's report says about the objects that were skipped. */
export function skippedValues(keys: readonly string[]): Pick<TableReport, "skipped" | "skippedKeys"> {
  return { skipped: keys.length, skippedKeys: [...keys].sort().slice(0, NAMED_SKIPPED) };
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
  Skipped: ["Count", ({ skipped }: TableReport) => skipped],
  Seconds: ["Seconds", ({ seconds }: TableReport) => seconds],
} as const;

/**
 * One log line per table, from which CloudWatch makes metrics.
 * @param job name on AWS, which keeps the stacks of an account apart
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
      ...Object.fromEntries(metrics.map(([name, [, value]]) => [name, value(report)])),
    }),
  );
}
