import { fork } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "../graph.ts";
import type { LoadAnswer, LoadRequest } from "./child.ts";
import { ProgramError } from "./error.ts";
import { readProject, readStackConfig } from "./project.ts";

export interface LoadOptions {
  /** Folder with Pulumi.yaml. */
  readonly directory: string;
  readonly stack: string;
  /** Folder for unpacked function packages; must be empty or absent. */
  readonly packages: string;
  /** Config that replaces what the stack's file says: `namespace:key` -> value. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/**
 * Runs a Pulumi program's constructors, without Pulumi's engine and without AWS, and returns the graph it declares.
 *
 * @throws {ProgramError} for a missing project or stack, and for whatever the program throws.
 */
export async function loadProgram(options: LoadOptions): Promise<Graph> {
  const directory = resolve(options.directory);
  const project = await readProject(directory);
  const { config, secretKeys } = await readStackConfig(
    directory,
    project.name,
    options.stack,
    options.overrides ?? {},
  );
  const main = join(directory, project.main);
  await access(main).catch((cause: unknown) => {
    throw new ProgramError(`${main} is missing: Pulumi.yaml names it as the program`, { cause });
  });
  const answer = await runChild(directory, {
    main,
    project: project.name,
    stack: options.stack,
    config,
    secretKeys,
    packages: resolve(options.packages),
  });
  if ("error" in answer) {
    throw new ProgramError(answer.error.stack ?? answer.error.message);
  }
  return answer.graph;
}

async function runChild(cwd: string, request: LoadRequest): Promise<LoadAnswer> {
  const child = fork(fileURLToPath(new URL("child.ts", import.meta.url)), [], {
    cwd,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => printed.push(chunk));
  }
  let answer: LoadAnswer | undefined;
  child.on("message", (message) => {
    answer = message as LoadAnswer;
  });
  child.send(request);
  await once(child, "close");
  if (answer === undefined) {
    throw new ProgramError(`The program ended without an answer:\n${Buffer.concat(printed).toString()}`);
  }
  return answer;
}
