import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "../graph.ts";
import type { LoadAnswer, LoadRequest } from "./child.ts";
import { findEntry } from "./entry.ts";
import { ProgramError } from "./error.ts";
import { configWithoutFile, hasStack, type Project, readProject, readStackConfig } from "./project.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

export interface LoadOptions {
  /** Folder with Pulumi.yaml. */
  readonly directory: string;
  readonly stack: string;
  /** Folder for unpacked function packages; must be empty or absent. */
  readonly packages: string;
  /** Config that replaces what the stack's file says: `namespace:key` -> value. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Names as the AWS provider would make them, with a suffix; otherwise resources have their logical names. */
  readonly autonaming?: boolean;
  /** `optional` for a stack that may have no config file. */
  readonly stackFile?: "required" | "optional";
}

/**
 * Runs a Pulumi program's constructors, without Pulumi's engine and without AWS, and returns the graph it declares.
 *
 * @throws {ProgramError} for a missing project or stack, and for whatever the program throws.
 */
export async function loadProgram(options: LoadOptions): Promise<Graph> {
  const directory = resolve(options.directory);
  const project = await readProject(directory);
  const { config, secretKeys } = await configOf(directory, project, options);
  const entry = await findEntry(directory, project);
  const answer = await runChild(entry.directory, {
    main: entry.main,
    transpile: entry.transpile,
    autonaming: options.autonaming ?? false,
    project: project.name,
    stack: options.stack,
    config,
    secretKeys,
    packages: resolve(options.packages),
  });
  if ("error" in answer) {
    const { message, stack } = answer.error;
    throw new ProgramError(withoutChain(stack === undefined ? message : ownFrames(stack)));
  }
  return answer.graph;
}

/**
 * Pulumi names each resource that waited for the one that failed, and asks for missing config on a second line; Node.js
 * lists who required a module that is missing.
 */
function withoutChain(text: string): string {
  return text
    .replace(/^(Error: )?(error serializing property "[^"]*": )+/, "$1")
    .replace(/\nRequire stack:(\n- .*)*/, "")
    .replace(/\s*\n\s*please set a value using the command/, "; set it with the command");
}

/** The message and those frames of a stack that are the program's. */
function ownFrames(stack: string): string {
  const isForeign = (line: string) =>
    /^\s+at /.test(line) && (/node:|node_modules/.test(line) || line.includes(HERE));
  return stack
    .split("\n")
    .filter((line) => !isForeign(line))
    .join("\n");
}

async function configOf(directory: string, { name, defaults }: Project, options: LoadOptions) {
  const { stack, overrides = {}, stackFile = "required" } = options;
  const { config } = configWithoutFile(name, defaults);
  const read =
    stackFile === "optional" && !(await hasStack(directory, stack))
      ? configWithoutFile(name, overrides)
      : await readStackConfig(directory, name, stack, overrides);
  return { config: { ...config, ...read.config }, secretKeys: read.secretKeys };
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
