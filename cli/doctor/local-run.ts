import { join } from "node:path";
import type { Lake } from "../../etl/lake.ts";
import { jobReportSchema, REPORT_PREFIX } from "../../etl/report.ts";
import { openObjectStore } from "../../local/s3/object-store.ts";
import { planLake } from "../etl/job-run.ts";
import { filesBelow } from "../stack/local-run.ts";
import { commandOptionsOf } from "../stack/options.ts";
import { readRunRecord } from "../stack/run-record.ts";
import type { ReadableStore } from "../stack/stack.ts";
import { compareSubscriptions } from "../subscriptions/compare.ts";
import { readLocalRun } from "../subscriptions/local-run.ts";
import { type ExaminedStack, type GlueRun, NotKnownError, NotThereError } from "./examined-stack.ts";
import { localMetrics } from "./local-metrics.ts";

/**
 * The local run that was left in `directory`, which is only looked at: the program is not loaded, and the run may still
 * go on. What AWS alone has is not known of it.
 *
 * @throws {UserError} when there is no such run, or it is one of another stack; errors of its config
 */
export async function openLocalRun(
  directory: string,
  { projectDirectory, stack }: { readonly projectDirectory: string; readonly stack: string },
): Promise<ExaminedStack> {
  const { config, listed } = await readLocalRun(directory, { projectDirectory, stack });
  const { bucket } = await readRunRecord(directory, stack);
  const buckets = join(directory, "s3");
  const objects = filesBelow(join(buckets, bucket));
  const metrics = localMetrics(directory);
  return {
    stack,
    commandOptions: commandOptionsOf({ stack, localRun: directory }),
    config,
    now: undefined,
    objects,
    subscriptions: async () => compareSubscriptions(config, listed),
    opsMail: notThere("a local run sends no mail that its owner would have to confirm"),
    smsAccount: notThere("a local run has no account"),
    lastCrawl: notThere("a local run keeps no crawls once it has ended; it tells those that failed itself"),
    lastJobRun: () => lastReport(objects),
    iteratorAge: notThere("a local run ends when its stream is read to the end"),
    traffic: (consumer) => metrics.traffic(consumer),
    mapping: notThere("a local run's mappings end with it"),
    callsLeft: () => metrics.callsLeft(),
    flaggedValues: () => metrics.flaggedValues(),
    planEtl: () => planLake(lakeIn(buckets, bucket), bucket),
    alarms: notThere("a local run has no alarms"),
    apiKey: notThere("a local run asks recorded figures, without a key"),
  };
}

function notThere(why: string): () => Promise<never> {
  return async () => {
    throw new NotThereError(why);
  };
}

/** A run that ends well leaves a report; of others nothing is kept. */
async function lastReport(objects: ReadableStore): Promise<GlueRun | undefined> {
  const key = (await objects.list(REPORT_PREFIX)).at(-1);
  const text = key === undefined ? undefined : await objects.read(key);
  if (text === undefined) return undefined;
  const { startedAt } = jobReportSchema.parse(JSON.parse(text));
  return { state: "SUCCEEDED", startedAt: new Date(startedAt) };
}

function lakeIn(directory: string, bucket: string): Lake {
  const objects = openObjectStore({ directory, bucket, now: () => new Date() });
  const readOnly = notThere("the doctor only looks");
  return {
    async list(prefix) {
      const found: { key: string; etag: string }[] = [];
      for (const { key, etag } of objects.from(prefix)) {
        if (!key.startsWith(prefix)) break;
        found.push({ key, etag });
      }
      return found;
    },
    async read(key) {
      const entry = objects.get(key);
      if (entry === undefined) throw new NotKnownError(`${key} is not in the bucket`);
      return objects.read(entry);
    },
    write: readOnly,
    remove: readOnly,
  };
}
