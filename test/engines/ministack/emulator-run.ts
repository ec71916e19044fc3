import { gunzipSync } from "node:zlib";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { NoSuchKey } from "@aws-sdk/client-s3";
import { createS3Lake, type Lake } from "../../../etl/lake.ts";
import { jobsOf } from "../../../local/glue/job.ts";
import type { Graph } from "../../../local/graph.ts";
import { runCommand } from "../support/command.ts";
import type { Emulator } from "./emulator.ts";
import type { Replayed } from "./replayed.ts";
import { type Firing, timelineOf } from "./timeline.ts";
import { until } from "./until.ts";

/**
 * Runs the replay through the emulator: invokes what rules and schedules would, hour by hour, and waits until both
 * consumers of the stream are done with the hour. How many records are in a batch is the emulator's business.
 * @returns records that were put on the stream
 */
export async function runThroughEmulator(replayed: Replayed, emulator: Emulator): Promise<number> {
  const { graph, start, end, places } = replayed;
  const lake = createS3Lake(emulator.clients.s3, String(graph.outputs.bucket));
  let time = start;
  let records = 0;
  replayed.setNow(() => time);
  for (const firing of timelineOf(graph, start, end)) {
    time = firing.time;
    const report = await invoke(emulator, firing);
    if (report?.put === undefined) continue;
    records += report.put;
    await until(`the alerts of ${time.toISOString()}`, () => isDecided(lake, places, time));
  }
  await until("the archive", async () => (await rawLines(lake)) >= records);
  return records;
}

/** The job's stand-in of the local run, on the emulator's S3. Glue's own job runs Python on Spark, which MiniStack does not. */
export async function runJob(graph: Graph, { environment }: Emulator): Promise<void> {
  for (const job of jobsOf(graph)) {
    const args = Object.entries(job.defaultArguments).flat();
    await runCommand(process.execPath, [job.localScript, ...args], { env: { ...environment, TZ: "UTC" } });
  }
}

async function invoke(
  { clients }: Emulator,
  { functionArn, event }: Firing,
): Promise<{ put?: number } | undefined> {
  const { Payload, FunctionError } = await clients.lambda.send(
    new InvokeCommand({ FunctionName: functionArn, Payload: JSON.stringify(event) }),
  );
  const answer = Payload?.transformToString() ?? "";
  if (FunctionError !== undefined) throw new Error(`${functionArn} ${JSON.stringify(event)}: ${answer}`);
  return answer === "" ? undefined : JSON.parse(answer);
}

async function isDecided(lake: Lake, places: readonly string[], time: Date): Promise<boolean> {
  const states = await Promise.all(places.map((place) => readState(lake, place)));
  return states.every((state) => state?.lastSeconds === time.getTime() / 1000 && state.pending.length === 0);
}

async function readState(
  lake: Lake,
  place: string,
): Promise<{ lastSeconds: number; pending: unknown[] } | undefined> {
  try {
    return JSON.parse(Buffer.from(await lake.read(`state/alerts/${place}.json`)).toString());
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function rawLines(lake: Lake): Promise<number> {
  const objects = await lake.list("raw/");
  const texts = await Promise.all(
    objects.map(async ({ key }) => gunzipSync(await lake.read(key)).toString("utf8")),
  );
  return texts.reduce((sum, text) => sum + text.split("\n").length - 1, 0);
}
