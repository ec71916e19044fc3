import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { startCloud } from "../../local/cloud.ts";
import { UsageError } from "../../local/command-line.ts";
import { resourcesOfType } from "../../local/graph.ts";
import { takeOutputDirectory } from "../../local/output-directory.ts";
import { loadProgram } from "../../local/program/load.ts";
import { type ObjectStore, openObjectStore } from "../../local/s3/object-store.ts";
import type { Archive, Place, QuarantineStore, ReadableStore } from "./place.ts";
import { PREFIX } from "./record.ts";

const stackSchema = z.object({ stack: z.string(), outputs: z.object({ bucket: z.string() }) });

/**
 * The quarantine of the local run that was left in `directory`.
 *
 * @throws {UsageError} when there is no such run, or it is one of another stack
 */
export async function openLocalRun(
  directory: string,
  { projectDirectory, stack }: { readonly projectDirectory: string; readonly stack: string },
): Promise<Place> {
  const run = stackSchema.parse(JSON.parse(await readStackRecord(directory)));
  if (run.stack !== stack) {
    throw new UsageError(`${directory} holds a run of stack "${run.stack}", not of "${stack}"`);
  }
  const { bucket } = run.outputs;
  const buckets = join(directory, "s3");

  /** Nobody else runs in the folder meanwhile. */
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
    readable: (use) => use(filesBelow(join(buckets, bucket))),
    writable: (use) =>
      alone(() => use(storeOver(openObjectStore({ directory: buckets, bucket, now: () => new Date() })))),
    withArchive: (use) => alone(() => withProgram({ directory, projectDirectory, stack, bucket }, use)),
  };
}

/** Loads the program and gives it life, but no time: nothing runs except what is invoked. */
async function withProgram<Result>(
  options: { directory: string; projectDirectory: string; stack: string; bucket: string },
  use: (store: QuarantineStore, archive: Archive) => Promise<Result>,
): Promise<Result> {
  const { directory, projectDirectory, stack, bucket } = options;
  const graph = await loadProgram({
    directory: projectDirectory,
    stack,
    packages: join(directory, "packages"),
    overrides: { "stormwire:apiKey": "none" }, // nobody is asked for weather
  });
  const archive = resourcesOfType(graph, "aws:lambda/function:Function").find(
    ({ name }) => name === "archive",
  );
  const cloud = await startCloud({ graph, directory, clock: createVirtualClock({ start: new Date() }) });
  try {
    const objects = cloud.s3.buckets.get(bucket)?.objects;
    if (archive === undefined || objects === undefined) {
      throw new UsageError(`stack "${stack}" has no function archive or no bucket ${bucket} any more`);
    }
    const invoke: Archive = async (event) => {
      const { functionError, payload } = await cloud.lambda.invoke(String(archive.outputs.arn), event);
      return functionError
        ? { error: `${functionError.errorType}: ${functionError.errorMessage}` }
        : { payload: JSON.parse(payload) };
    };
    return await use(storeOver(objects), invoke);
  } finally {
    await cloud.stop();
  }
}

function storeOver(objects: ObjectStore): QuarantineStore {
  return {
    async list() {
      const keys: string[] = [];
      for (const { key } of objects.from(PREFIX)) {
        if (!key.startsWith(PREFIX)) break;
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

function filesBelow(folder: string): ReadableStore {
  return {
    async list() {
      const files = await unlessMissing(
        readdir(join(folder, PREFIX), { recursive: true, withFileTypes: true }),
      );
      return (files ?? [])
        .filter((file) => file.isFile())
        .map((file) => join(file.parentPath, file.name).slice(join(folder, "/").length).replaceAll("\\", "/"))
        .sort();
    },
    read: (key) => unlessMissing(readFile(join(folder, key), "utf8")),
  };
}

async function readStackRecord(directory: string): Promise<string> {
  const text = await unlessMissing(readFile(join(directory, "stack.json"), "utf8"));
  if (text !== undefined) return text;
  throw new UsageError(
    `no local run in ${directory} yet: run "npm start" first, or name its folder with --out`,
  );
}

async function unlessMissing<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
