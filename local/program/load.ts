import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph } from "../graph.ts";
import type { LoadAnswer, LoadRequest } from "./child.ts";
import {
  configWithoutFile,
  hasStack,
  ProgramError,
  type Project,
  readProject,
  readStackConfig,
} from "./project.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

export interface LoadOptions {
  /** Folder with Pulumi.yaml. */
  readonly directory: string;
  readonly stack: string;
  /** Folder for unpacked function packages; must be empty or absent. */
  readonly packages: string;
  /** Config that overrides the stack's file: `namespace:key` -> value. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Gives resources names like the AWS provider's, with a suffix; otherwise they have their logical names. */
  readonly autonaming?: boolean;
  /** `optional` when the config file of the stack may be missing. */
  readonly stackFile?: "required" | "optional";
}

/**
 * Runs a Pulumi program without Pulumi's engine and without AWS, and returns the graph that it declares.
 *
 * @throws {ProgramError} for a missing project or stack, and for an error of the program.
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
 * Shortens an error. Pulumi names each resource that waits for the failed one, and asks for missing config on a second
 * line. Node.js lists the modules that require a missing module.
 */
function withoutChain(text: string): string {
  return text
    .replace(/^(Error: )?(error serializing property "[^"]*": )+/, "$1")
    .replace(/\nRequire stack:(\n- .*)*/, "")
    .replace(/\s*\n\s*please set a value using the command/, "; set it with the command");
}

/** The message, and the stack frames of the program. */
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

/** The entry point of a program. */
interface Entry {
  readonly main: string;
  /** Working folder of the program: the project's folder, or the folder that Pulumi.yaml names. */
  readonly directory: string;
  /** Whether the program is a CommonJS module, which Pulumi runs with ts-node. */
  readonly transpile: boolean;
}

/**
 * Finds the file that Pulumi would run: `main` of Pulumi.yaml (a file or a folder), `main` of package.json, index.ts or
 * index.js.
 *
 * @throws {ProgramError} naming what is missing.
 */
async function findEntry(projectDirectory: string, project: Project): Promise<Entry> {
  const { namedMain = "." } = project;
  const named = join(projectDirectory, namedMain);
  const directory = (await isDirectory(named)) ? named : dirname(named);
  const main = directory === named ? await mainOf(directory) : await existing(named);
  if (main === undefined) {
    throw new ProgramError(
      project.namedMain === undefined
        ? `${join(projectDirectory, "index.ts")} is missing: the project does not have a program`
        : `${named} is missing: Pulumi.yaml names it as the program`,
    );
  }
  const isPlain = extname(main) === ".js" || extname(main) === ".cjs";
  const transpile = (project.transpile || isPlain) && !(await isModule(main));
  return { main, directory, transpile };
}

async function mainOf(directory: string): Promise<string | undefined> {
  const { main } = await readPackage(directory);
  const candidates = [...(typeof main === "string" ? [main] : []), "index.ts", "index.js"];
  for (const candidate of candidates) {
    const file = await existing(join(directory, candidate));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Whether Node.js treats the file as an ES module because of its extension or the nearest package.json. */
async function isModule(file: string): Promise<boolean> {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (await existing(join(directory, "package.json")))
      return (await readPackage(directory)).type === "module";
    if (directory === dirname(directory)) return false;
  }
}

async function readPackage(directory: string): Promise<{ main?: unknown; type?: unknown }> {
  const file = await existing(join(directory, "package.json"));
  if (file === undefined) return {};
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new ProgramError(`${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function existing(file: string): Promise<string | undefined> {
  return (await statOf(file))?.isFile() ? file : undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() ?? false;
}

async function statOf(path: string) {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}
