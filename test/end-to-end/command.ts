import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Summary } from "../../cli/start/summary.ts";
import type { OutboxMessage } from "../../local/sns/outbox.ts";

export const projectDirectory = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in a process of its own, as npm does. */
export function runCommand(name: string, ...args: string[]): Promise<Ended> & { child: ChildProcess } {
  const child = spawn(process.execPath, ["cli/main.ts", name, ...args], {
    cwd: projectDirectory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    texts.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    texts.stderr += text;
  });
  const ended = once(child, "close").then(([code]) => ({ code, ...texts }));
  return Object.assign(ended, { child });
}

export const start = (...args: string[]) => runCommand("start", ...args);

/** What a run with `--json` printed; fails with everything it said when it did not end well. */
export function summaryOf({ code, stdout, stderr }: Ended): Summary {
  if (code !== 0) {
    throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
  }
  return JSON.parse(stdout);
}

/** The summary without the one figure that may differ from run to run. */
export function figuresOf(summary: Summary): Omit<Summary, "wallSeconds"> {
  const { wallSeconds: _, ...figures } = summary;
  return figures;
}

export async function outboxOf(directory: string): Promise<OutboxMessage[]> {
  const text = await readFile(join(directory, "outbox.ndjson"), "utf8");
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** A folder for one run's output, below one that `remove` deletes. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "stormwire-run-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
