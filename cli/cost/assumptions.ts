import { METRICS } from "../../handlers/clients/metric-names.ts";

/**
 * What a bill depends on and neither the program nor its config says. Each has its reason; a figure before a `*` was
 * measured by `npm run cost -- --measure .local` on what `npm start` left.
 */
interface Assumption {
  readonly value: number;
  readonly unit: string;
  readonly reason: string;
  /** Allowed with `--assume`. */
  readonly min: number;
  readonly max: number;
}

/** Metrics that have a value in every hour. */
const METRICS_AT_ALL_TIMES = Object.values(METRICS)
  .flatMap((metrics) => Object.values(metrics))
  .filter((frequency) => frequency === "always").length;

export const ASSUMPTIONS = {
  alertsPerPlace: {
    value: 4,
    unit: "alerts a place and month",
    reason: "the worst week of Porto Alegre's 2024 had 4*; most weeks have none",
    min: 0,
    max: 10_000,
  },
  opsMessages: {
    value: 10,
    unit: "alarms and silent stations a month",
    reason: "each is told twice, when it begins and when it ends",
    min: 0,
    max: 100_000,
  },
  queries: {
    value: 200,
    unit: "Athena queries a month",
    reason: "ten on each working day",
    min: 0,
    max: 10_000_000,
  },
  queryMegabytes: {
    value: 10,
    unit: "MB scanned a query",
    reason: "what Athena bills at least; saved queries name their days, and a place's year is smaller",
    min: 10,
    max: 1_000_000,
  },
  recordBytes: {
    value: 1024,
    unit: "bytes a record on the stream",
    reason: "a response of Tomorrow.io with its envelope; on-demand bills whole KB",
    min: 1,
    max: 1_048_576,
  },
  rawBytes: {
    value: 450,
    unit: "bytes a raw record, gz",
    reason: "311* with 8 figures a record; Tomorrow.io sends three times as many",
    min: 1,
    max: 1_048_576,
  },
  objectsPerBatch: {
    value: 1,
    unit: "raw objects a batch",
    reason: "1.00*; two only where a batch spans the turn of an hour",
    min: 1,
    max: 100,
  },
  stateBytes: {
    value: 20_000,
    unit: "bytes of a location's state",
    reason: "a day of observations each five minutes; a rule over a longer time keeps more",
    min: 1,
    max: 10_000_000,
  },
  goldBytes: {
    value: 220,
    unit: "bytes a gold row",
    reason: "220* with 24 rows a file; fuller files need less",
    min: 1,
    max: 1_048_576,
  },
  logBytes: {
    value: 1200,
    unit: "bytes of log an invocation",
    reason: "166*, and Lambda's own lines: start, end, report",
    min: 0,
    max: 10_485_760,
  },
  glueLogMegabytes: {
    value: 1,
    unit: "MB of log a crawl or job run",
    reason: "drivers' and executors' logs; no local run has them",
    min: 0,
    max: 10_000,
  },
  pollSeconds: {
    value: 2,
    unit: "seconds a poll of the weather API",
    reason: "all places are asked at once; the slowest answer counts, and the stream's",
    min: 0.001,
    max: 900,
  },
  batchSeconds: {
    value: 0.5,
    unit: "seconds a batch of records",
    reason: "a few calls of S3 of tens of milliseconds each, and a cold start now and then",
    min: 0.001,
    max: 900,
  },
  runSeconds: {
    value: 1,
    unit: "seconds a run of any other function",
    reason: "a read of every place's state, or a message",
    min: 0.001,
    max: 900,
  },
  // https://docs.aws.amazon.com/streams/latest/dev/costs-performance.html
  kmsCallsPerHour: {
    value: 12,
    unit: "KMS calls an hour of each that uses the stream",
    reason: "a data key is renewed about every five minutes",
    min: 0,
    max: 100_000,
  },
  crawlMinutes: {
    value: 10,
    unit: "minutes a crawl",
    reason: "what Glue bills at least; a year of small raw objects may take longer",
    min: 10,
    max: 1440,
  },
  // Pricing examples of https://aws.amazon.com/glue/pricing/: a crawl of half an hour with 2 DPUs
  crawlDpus: {
    value: 2,
    unit: "DPUs a crawl",
    reason: "as in AWS's example of a price; it names no number. aws glue list-crawls shows the true DPUHour",
    min: 0.0625,
    max: 100,
  },
  jobMinutes: {
    value: 2,
    unit: "minutes a job run",
    reason: "a day of a few places is seconds of work after Spark has started; Glue bills 1 at least",
    min: 1,
    max: 480,
  },
  customMetrics: {
    value: METRICS_AT_ALL_TIMES,
    unit: "custom metrics of namespace Stormwire",
    reason:
      "those that functions write in each invocation; the others are billed for the few hours with a value",
    min: 0,
    max: 10_000,
  },
  month: {
    value: 12,
    unit: "th month after the first deployment",
    reason: "what is kept grows: the bill of a first month is lower",
    min: 1,
    max: 120,
  },
} as const satisfies Readonly<Record<string, Assumption>>;

export type AssumptionName = keyof typeof ASSUMPTIONS;
export type Assumptions = Readonly<Record<AssumptionName, number>>;

export const ASSUMPTION_NAMES = Object.keys(ASSUMPTIONS) as readonly AssumptionName[];

/** The values of all, some replaced. */
export function assume(replaced: Partial<Assumptions> = {}): Assumptions {
  const values = ASSUMPTION_NAMES.map((name) => [name, replaced[name] ?? ASSUMPTIONS[name].value] as const);
  return Object.fromEntries(values) as Assumptions;
}
