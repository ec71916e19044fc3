import { join } from "node:path";
import type { Graph } from "../../../local/graph.ts";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { projectDirectory } from "../../infra/program.ts";
import { Deployment } from "../deployment/deploy.ts";
import { query, withLiterals } from "./athena.ts";
import { downloadBucket } from "./bucket.ts";
import { tablesOf } from "./catalog.ts";
import { deliveriesOf } from "./deliveries.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { runJob, runThroughEmulator } from "./emulator-run.ts";
import { type Inboxes, subscribeInboxes } from "./inbox.ts";
import type { MiniStack } from "./install.ts";
import { runLocally } from "./local-run.ts";
import type { Observed } from "./observed.ts";
import { type Replayed, replayFlood } from "./replayed.ts";
import { startTimers, type Timers } from "./timers.ts";
import { until } from "./until.ts";

/** The same program and the same flood, run twice. */
export interface Comparison {
  readonly graph: Graph;
  readonly replayed: Replayed;
  readonly emulator: Emulator;
  readonly deployment: Deployment;
  readonly timers: Timers;
  readonly ours: Observed;
  readonly theirs: Observed;
  stop(): Promise<void>;
}

const SCHEDULE = "aws:scheduler/schedule:Schedule";

/** Runs the flood on the local cloud and on MiniStack. Stop it whatever happens. */
export async function compare(engine: MiniStack, directory: string): Promise<Comparison> {
  const replayed = await replayFlood(directory);
  const { graph } = replayed;
  let emulator: Emulator | undefined;
  const local = runLocally(replayed, join(directory, "local")); // while the other is being deployed
  const stop = async () => {
    await Promise.allSettled([local]);
    await emulator?.stop();
    await replayed.stop();
  };
  try {
    emulator = await startEmulator(engine, graph, directory);
    const { clients } = emulator;
    const deployment = new Deployment(graph, clients);
    await deployment.create(({ type }) => type !== SCHEDULE);
    const inboxes = await subscribeInboxes(graph, clients);
    const ours = await local;
    const timers = await startTimers(graph, clients);
    const theirs = await runOnEmulator(replayed, emulator, inboxes, ours, join(directory, "theirs"));
    await deployment.create(); // schedules: MiniStack fires one at once whose time is past, and the flood is of 2024
    return { graph, replayed, emulator, deployment, timers, ours, theirs, stop };
  } catch (error) {
    const printed = emulator?.log().split("\n").slice(-40).join("\n");
    await stop();
    if (printed) console.error(printed);
    throw error;
  }
}

async function runOnEmulator(
  replayed: Replayed,
  emulator: Emulator,
  inboxes: Inboxes,
  ours: Observed,
  bucketDirectory: string,
): Promise<Observed> {
  const { graph, receiver } = replayed;
  const { clients } = emulator;
  const before = receiver.received.length;
  await runThroughEmulator(replayed, emulator);
  await runJob(graph, emulator);
  await downloadBucket(clients.s3, String(graph.outputs.bucket), bucketDirectory);
  const delivered = () => receiver.received.slice(before).map(({ body }) => body);
  await until("the webhook's messages", () => delivered().length >= ours.webhooks.length);
  const publications = [...emulator.publications];
  return {
    publications,
    deliveries: deliveriesOf(graph, await inboxes.drain(), publications),
    webhooks: delivered().sort(),
    bucketDirectory,
    queries: await runSavedQueries(replayed, emulator),
    tables: await tablesOf(clients, graph),
  };
}

/** With literals in the place of parameters, which MiniStack's Athena leaves unfilled. */
async function runSavedQueries(
  { graph, lastDay }: Replayed,
  { clients }: Emulator,
): Promise<Observed["queries"]> {
  const place = {
    athena: clients.athena,
    database: String(graph.outputs.database),
    workgroup: String(graph.outputs.workgroup),
  };
  const answers: Record<string, Observed["queries"][string]> = {};
  for (const saved of readSavedQueries(join(projectDirectory, "queries")))
    answers[saved.name] = await query(place, withLiterals(saved, lastDay), []);
  return answers;
}
