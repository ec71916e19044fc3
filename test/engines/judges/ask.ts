import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../support/command.ts";
import type { Judge } from "./install.ts";

/**
 * Runs a tool on one file, in a folder in which nothing else is. Returns what it prints, as JSON. Throws CommandError, and for
 * output that is not JSON.
 * @param args of Python; the file is in the current folder
 */
export async function ask(
  python: Judge,
  args: readonly string[],
  file: { readonly name: string; readonly content: string },
  environment: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const cwd = await mkdtemp(join(tmpdir(), "stormwire-judge-"));
  try {
    await writeFile(join(cwd, file.name), file.content);
    const env = { PATH: process.env.PATH, HOME: cwd, ...environment }; // no settings of whoever runs the tests
    const { stdout } = await runCommand(python, args, { cwd, env });
    return JSON.parse(stdout);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
