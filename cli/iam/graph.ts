import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readProject } from "../../local/program/project.ts";
import { placeholdersFor } from "../stack/placeholders.ts";

/** The resources of a stack, as the program declares them; functions' packages are thrown away. Throws ProgramError. */
export async function readGraph(
  directory: string,
  stack: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<Graph> {
  const packages = await mkdtemp(join(tmpdir(), "stormwire-iam-"));
  try {
    const { name } = await readProject(directory);
    const placeholders = await placeholdersFor(directory, name, stack);
    return await loadProgram({
      directory,
      stack,
      packages,
      overrides: { ...placeholders, ...overrides },
    });
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}
