import type { Usage } from "./bill.ts";
import { ALERTER, STATE_READERS } from "./deployment.ts";
import {
  alertsOf,
  invocationsOf,
  type MonthOf,
  rawDays,
  rawObjectsAMonth,
  rawObjectsKept,
  recordsOf,
  runsOf,
} from "./events.ts";
import { counted, numeral } from "./numbers.ts";
import { DAYS_A_MONTH } from "./schedule-runs.ts";
import { BYTES_A_GB, MEGABYTES_A_TB } from "./units.ts";

/** Keys of a page of ListObjectsV2. */
const LIST_PAGE = 1000;
/** Puts of one alert: its CAP document, the feed, its archived line, its state when decided and when told. */
const PUTS_AN_ALERT = 5;

/** The bucket and what reads and writes it. */
export function lakeUsage(month: MonthOf): Usage[] {
  return [...requests(month), ...storage(month), ...glue(month), ...athena(month)];
}

function requests(month: MonthOf): Usage[] {
  const { deployment, workload } = month;
  const records = deployment.mappings.some((mapping) => mapping.function === ALERTER) ? recordsOf(month) : 0;
  const alerts = alertsOf(month);
  const kept = rawObjectsKept(month);
  const crawls = runsOf(deployment.crawlers.find(({ name }) => name === "raw"));
  const jobs = deployment.jobs.reduce((sum, job) => sum + runsOf(job), 0);
  const reads = STATE_READERS.map((name) => invocationsOf(month, name)).reduce((a, b) => a + b, 0);
  const goldDays = workload.assumptions.month * DAYS_A_MONTH;
  const objects = rawObjectsAMonth(month);
  return [
    { price: "s3.put", quantity: records, basis: `alert state: ${counted(records, "record")}` },
    { price: "s3.put", quantity: objects, basis: `archive: ${counted(objects, "raw object")}` },
    {
      price: "s3.put",
      quantity: alerts * PUTS_AN_ALERT,
      basis: `${counted(alerts, "alert")} x ${PUTS_AN_ALERT}`,
    },
    {
      price: "s3.put",
      quantity: jobs * (kept / LIST_PAGE),
      basis: `job: ${counted(jobs, "run")} list ${counted(kept, "raw object")}`,
    },
    {
      price: "s3.get",
      quantity: reads * (workload.places + 1),
      basis: `watch and notify: ${counted(reads, "run")} x ${counted(workload.places + 1, "state")}`,
    },
    {
      price: "s3.get",
      quantity: crawls * kept,
      basis: `raw crawler: ${counted(crawls, "crawl")} x ${counted(kept, "object")}`,
    },
    // The day that ended and the day that has begun are built anew; each object is looked at before it is read.
    {
      price: "s3.get",
      quantity: jobs * ((2 * 2 * objects) / DAYS_A_MONTH + goldDays),
      basis: `job: ${counted(jobs, "run")} read two days twice and ${counted(goldDays, "marker")}`,
    },
  ];
}

function storage(month: MonthOf): Usage[] {
  const { rawBytes, goldBytes, stateBytes, month: monthNumber } = month.workload.assumptions;
  const { oldStateDays = 0 } = month.deployment;
  const aDay = recordsOf(month) / DAYS_A_MONTH;
  const days = rawDays(month);
  const goldDays = monthNumber * DAYS_A_MONTH;
  return [
    {
      price: "s3.gigabyteMonth",
      quantity: (aDay * days * rawBytes) / BYTES_A_GB,
      basis: `raw: ${counted(aDay * days, "record")} of ${counted(days, "day")} x ${numeral(rawBytes)} bytes`,
    },
    {
      price: "s3.gigabyteMonth",
      quantity: (aDay * goldDays * goldBytes) / BYTES_A_GB,
      basis: `gold: ${counted(aDay * goldDays, "row")} of ${counted(goldDays, "day")} x ${numeral(goldBytes)} bytes`,
    },
    {
      price: "s3.gigabyteMonth",
      quantity: (aDay * oldStateDays * stateBytes) / BYTES_A_GB,
      basis: `old versions: ${counted(aDay * oldStateDays, "state")} of ${counted(oldStateDays, "day")} x ${numeral(stateBytes)} bytes`,
    },
  ];
}

function glue(month: MonthOf): Usage[] {
  const { deployment, workload } = month;
  const { crawlMinutes, crawlDpus, jobMinutes } = workload.assumptions;
  const HOURS_A_DAY = 24;
  const goldDays = workload.assumptions.month * DAYS_A_MONTH;
  const partitions = Math.min(rawObjectsKept(month), rawDays(month) * HOURS_A_DAY) + goldDays;
  return [
    ...deployment.crawlers.map((crawler): Usage => {
      const runs = runsOf(crawler);
      return {
        price: "glue.crawlerDpuHour",
        quantity: (runs * crawlDpus * crawlMinutes) / 60,
        basis: `crawler ${crawler.name}: ${counted(runs, "run")} x ${crawlDpus} DPU x ${crawlMinutes} min`,
      };
    }),
    ...deployment.jobs.map((job): Usage => {
      const runs = runsOf(job);
      return {
        price: "glue.jobDpuHour",
        quantity: (runs * job.dpus * jobMinutes) / 60,
        basis: `job ${job.name}: ${counted(runs, "run")} x ${job.dpus} DPU x ${jobMinutes} min`,
      };
    }),
    {
      price: "glue.object",
      quantity: deployment.crawlers.length > 0 ? partitions : 0,
      basis: `${counted(partitions, "partition")} of raw hours and gold days`,
    },
  ];
}

function athena({ workload }: MonthOf): Usage[] {
  const { queries, queryMegabytes } = workload.assumptions;
  return [
    {
      price: "athena.terabyte",
      quantity: (queries * queryMegabytes) / MEGABYTES_A_TB,
      basis: `${counted(queries, "query", "queries")} x ${queryMegabytes} MB`,
    },
  ];
}
