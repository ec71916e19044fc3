import type { Assumptions } from "./assumptions.ts";
import {
  ARCHIVER,
  type Deployment,
  type GlueRun,
  type Mapping,
  PRODUCER,
  type Subscriber,
  type Timer,
} from "./deployment.ts";
import { DAYS_A_MONTH, HOURS_A_MONTH, runsPerMonth } from "./schedule-runs.ts";

/** What the deployment has to do in a month. */
interface Workload {
  readonly places: number;
  /** US dollars for one text. */
  readonly smsUsd: number;
  readonly languages: number;
  /** Of each schedule by its name, whom its message is for. */
  readonly audiences: Readonly<Record<string, readonly string[]>>;
  /** Phones and mailboxes that hear of every alert, in place of those of the graph. */
  readonly phones?: number | undefined;
  readonly mailboxes?: number | undefined;
  readonly assumptions: Assumptions;
}

export interface MonthOf {
  readonly deployment: Deployment;
  readonly workload: Workload;
}

/** Runs of a timer, of all that invoke a function. */
function timedRuns({ timers }: Deployment, name: string): number {
  return sumOfRuns(timers.filter((timer) => timer.function === name));
}

/** Of the weather API. */
function pollsOf({ deployment }: MonthOf): number {
  return timedRuns(deployment, PRODUCER);
}

export function recordsOf(month: MonthOf): number {
  return pollsOf(month) * month.workload.places;
}

/**
 * Batches that a mapping hands over: a poll's records come at once, so each part of a shard that has some makes one or more.
 * At most as many parts have some as there are places.
 */
export function batchesOf(month: MonthOf, { batchSize, windowSeconds, partsOfShard }: Mapping): number {
  const polls = pollsOf(month);
  const { places } = month.workload;
  const shards = month.deployment.streams.reduce((sum, stream) => sum + stream.shards, 0);
  const busyParts = Math.min(shards * partsOfShard, places);
  if (busyParts === 0 || polls === 0) return 0;
  const secondsBetween = (HOURS_A_MONTH * 3600) / polls;
  const pollsAWindow = Math.max(1, Math.ceil(windowSeconds / secondsBetween));
  const recordsAWindow = (pollsAWindow * places) / busyParts;
  return (polls / pollsAWindow) * busyParts * Math.max(1, Math.ceil(recordsAWindow / batchSize));
}

export function alertsOf({ workload }: MonthOf): number {
  return workload.places * workload.assumptions.alertsPerPlace;
}

/** Alerts that one subscriber hears: the level is not looked at, so it is the most that it can be. */
export function heardBy(month: MonthOf, { places }: Pick<Subscriber, "places">): number {
  const { workload } = month;
  return Math.min(places ?? workload.places, workload.places) * workload.assumptions.alertsPerPlace;
}

/** Messages at an hour that one subscriber hears. */
export function scheduledFor({ deployment, workload }: MonthOf, audiences: readonly string[]): number {
  const heard = schedulesOf(deployment).filter(({ name }) =>
    (workload.audiences[name] ?? ["all"]).some((one) => audiences.includes(one)),
  );
  return sumOfRuns(heard);
}

export function schedulesOf({ timers }: Deployment): readonly Timer[] {
  return timers.filter(({ kind }) => kind === "schedule");
}

export function sumOfRuns(timers: readonly Timer[]): number {
  return timers.reduce((runs, { expression, timeZone }) => runs + runsPerMonth(expression, timeZone), 0);
}

export function invocationsOf(month: MonthOf, name: string): number {
  const { mappings, subscribers } = month.deployment;
  const batches = mappings
    .filter((mapping) => mapping.function === name)
    .reduce((sum, mapping) => sum + batchesOf(month, mapping), 0);
  const told = subscribers
    .filter((subscriber) => subscriber.function === name)
    .reduce(
      (sum, subscriber) => sum + heardBy(month, subscriber) + scheduledFor(month, subscriber.audiences),
      0,
    );
  return timedRuns(month.deployment, name) + batches + told;
}

/** Days that raw objects have been kept by this month. */
export function rawDays({ deployment, workload }: MonthOf): number {
  const sinceStart = workload.assumptions.month * DAYS_A_MONTH;
  return Math.min(sinceStart, deployment.retentionDays["raw/"] ?? sinceStart);
}

export function rawObjectsAMonth(month: MonthOf): number {
  const archiver = month.deployment.mappings.find((mapping) => mapping.function === ARCHIVER);
  return archiver === undefined ? 0 : batchesOf(month, archiver) * month.workload.assumptions.objectsPerBatch;
}

export function rawObjectsKept(month: MonthOf): number {
  return (rawObjectsAMonth(month) / DAYS_A_MONTH) * rawDays(month);
}

export function runsOf(run: GlueRun | undefined): number {
  return run?.schedules.reduce((runs, schedule) => runs + runsPerMonth(schedule), 0) ?? 0;
}
