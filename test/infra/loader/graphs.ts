import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "../../../local/graph.ts";
import type { LoadAnswer, LoadRequest } from "../../../local/program/child.ts";
import { ProgramError, readProject, readStackConfig } from "../../../local/program/project.ts";
import { projectDirectory } from "../program.ts";

export interface GraphRequest {
  readonly stack: string;
  /** Config that replaces what the stack's file says: `namespace:key` -> value. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Folder with Pulumi.yaml, when it is not the project's own. */
  readonly directory?: string;
}

let child: ChildProcess | undefined;
let folder: string | undefined;
let queue: Promise<unknown> = Promise.resolve();
const known = new Map<string, Promise<Graph>>();

/**
 * The graph of the program under one config, its callbacks serialized but not bundled: for tests of what is declared.
 * Asked again, it is the same object. The packages stay on disk until this process ends.
 */
export function graphOf({
  stack,
  overrides = {},
  directory = projectDirectory,
}: GraphRequest): Promise<Graph> {
  const key = JSON.stringify([directory, stack, overrides]);
  const graph = known.get(key) ?? enqueue(() => load(directory, stack, overrides));
  known.set(key, graph);
  return graph;
}

function enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
  const result = queue.then(task);
  queue = result.catch(() => undefined);
  return result;
}

async function load(directory: string, stack: string, overrides: Readonly<Record<string, unknown>>) {
  const project = await readProject(directory);
  const { config, secretKeys } = await readStackConfig(directory, project.name, stack, overrides);
  folder ??= temporaryFolder();
  const answer = await ask({
    main: join(directory, project.main),
    project: project.name,
    stack,
    config,
    secretKeys,
    packages: mkdtempSync(join(folder, "packages-")),
  });
  if ("error" in answer) {
    child?.kill();
    child = undefined; // half a program may still be running in it
    throw new ProgramError(answer.error.message);
  }
  return answer.graph;
}

async function ask(request: LoadRequest): Promise<LoadAnswer> {
  child ??= fork(fileURLToPath(new URL("child.ts", import.meta.url)), [], {
    cwd: withoutPackages(),
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const busy = child;
  const { promise, resolve, reject } = Promise.withResolvers<LoadAnswer>();
  const ended = (code: number | null) =>
    reject(new ProgramError(`The process that loads programs ended with ${code}`));
  busy.once("message", (answer) => resolve(answer as LoadAnswer)).once("close", ended);
  hold(busy, true);
  busy.send(request);
  try {
    return await promise;
  } finally {
    hold(busy, false);
    busy.off("close", ended);
  }
}

/**
 * Pulumi reads all of the packages of the working directory's project, once for each callback, to see what would ship
 * beside it; bundling leaves that out again. So here the project has none: only the files that it uploads.
 */
function withoutPackages(): string {
  folder ??= temporaryFolder();
  const path = mkdtempSync(join(folder, "project-"));
  writeFileSync(join(path, "package.json"), "{}");
  symlinkSync(join(projectDirectory, "etl"), join(path, "etl"), "junction"); // on Windows a link would ask for rights
  return path;
}

/** An idle child does not keep the tests from ending; it ends when they do, for its channel closes. */
function hold(process: ChildProcess, busy: boolean): void {
  for (const handle of [process, process.channel]) {
    if (busy) handle?.ref();
    else handle?.unref();
  }
}

function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "stormwire-graphs-"));
  process.once("exit", () => rmSync(path, { recursive: true, force: true }));
  return path;
}
