import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseConfig } from "../../config/check.ts";
import { UserError } from "../../lib/user-error.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { takeOutputDirectory } from "../../local/output-directory.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readStackConfig } from "../../local/program/project.ts";
import { type ObjectStore, openObjectStore } from "../../local/s3/object-store.ts";
import { openWebhookInbox, WEBHOOK_INBOX } from "../start/webhook-inbox.ts";
import { readRunRecord } from "./run-record.ts";
import { stackSecrets } from "./secrets.ts";
import type { Invoke, OpenStack, ReadableStore, WritableStore } from "./stack.ts";

/**
 * Bucket and functions of the local run that was left in `directory`.
 *
 * @throws {UserError} when the folder holds no run, or the run of another stack
 */
export async function openLocalRun(
  directory: string,
  { projectDirectory, stack }: { readonly projectDirectory: string; readonly stack: string },
): Promise<OpenStack> {
  const { bucket } = await readRunRecord(directory, stack);
  const buckets = join(directory, "s3");

  /** Keeps other commands out of the folder meanwhile. */
  async function alone<Result>(use: () => Promise<Result>): Promise<Result> {
    const release = await takeOutputDirectory(directory, { keep: true });
    try {
      return await use();
    } finally {
      await release();
    }
  }

  return {
    stack,
    bucket,
    functionName: (deployed) => deployed,
    readable: (use) => use(filesBelow(join(buckets, bucket))),
    writable: (use) =>
      alone(() => use(storeOver(openObjectStore({ directory: buckets, bucket, now: () => new Date() })))),
    withFunctions: (use) => alone(() => withProgram({ directory, projectDirectory, stack, bucket }, use)),
  };
}

/**
 * Loads and starts the program without its timers: only what is invoked runs, and what that triggers. As in the run
 * itself, nothing is sent to webhooks on other machines.
 */
async function withProgram<Result>(
  options: { directory: string; projectDirectory: string; stack: string; bucket: string },
  use: (store: WritableStore, invoke: Invoke) => Promise<Result>,
): Promise<Result> {
  const { directory, projectDirectory, stack, bucket } = options;
  const { overrides: secrets } = await stackSecrets(projectDirectory, stack);
  const overrides = { ...secrets, "stormwire:apiKey": "none" }; // no weather API is called
  const { config } = await readStackConfig(projectDirectory, "stormwire", stack, overrides);
  const inbox = await openWebhookInbox(parseConfig(config, stack).webhooks, join(directory, WEBHOOK_INBOX));
  try {
    const graph = await loadProgram({
      directory: projectDirectory,
      stack,
      packages: join(directory, "packages"),
      overrides: { ...overrides, "stormwire:webhooks": inbox.webhooks },
    });
    const clock = createVirtualClock({ start: new Date() });
    const cloud = await startCloud({ graph: withoutTimers(graph), directory, clock });
    try {
      const objects = cloud.s3.buckets.get(bucket)?.objects;
      if (objects === undefined) throw new UserError(`stack "${stack}" has no bucket ${bucket} any more`);
      const result = await use(storeOver(objects), invokeIn(cloud, graph));
      await clock.run({ speed: "max", until: clock.now() }); // webhooks of what was published
      return result;
    } finally {
      await cloud.stop();
    }
  } finally {
    await inbox.stop();
  }
}

const TIMERS = ["aws:cloudwatch/eventRule:EventRule", "aws:scheduler/schedule:Schedule"];

/** The program with its schedules disabled: no poll, no scheduled message. */
function withoutTimers(graph: Graph): Graph {
  const resources = graph.resources.map((resource) =>
    TIMERS.includes(resource.type)
      ? { ...resource, inputs: { ...resource.inputs, state: "DISABLED" } }
      : resource,
  );
  return { ...graph, resources };
}

function invokeIn({ lambda }: Cloud, graph: Graph): Invoke {
  const functions = new Set(resourcesOfType(graph, "aws:lambda/function:Function").map(({ name }) => name));
  return async (name, event) => {
    if (!functions.has(name)) throw new UserError(`stack "${graph.stack}" has no function ${name} any more`);
    const { functionError, payload } = await lambda.invoke(name, event);
    return functionError
      ? { error: `${functionError.errorType}: ${functionError.errorMessage}` }
      : { payload: JSON.parse(payload) };
  };
}

function storeOver(objects: ObjectStore): WritableStore {
  return {
    async list(prefix) {
      const keys: string[] = [];
      for (const { key } of objects.from(prefix)) {
        if (!key.startsWith(prefix)) break;
        keys.push(key);
      }
      return keys;
    },
    async read(key) {
      const entry = objects.get(key);
      return entry && objects.read(entry).toString();
    },
    async write(key, text) {
      objects.put(key, Buffer.from(text), { contentType: "application/json", metadata: {} });
    },
    async remove(key) {
      objects.delete(key);
    },
  };
}

/** A bucket's objects as they lie in its folder; a prefix ends in `/`. */
export function filesBelow(folder: string): ReadableStore {
  return {
    async list(prefix) {
      const files = await unlessMissing(
        readdir(join(folder, prefix), { recursive: true, withFileTypes: true }),
      );
      return (files ?? [])
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
        .sort();
    },
    read: (key) => unlessMissing(readFile(join(folder, key), "utf8")),
  };
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
