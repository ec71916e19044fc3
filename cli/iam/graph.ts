import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readProject } from "../../local/program/project.ts";
import { placeholdersFor } from "../stack/placeholders.ts";

/** The resources of a stack, as the program declares them. The packages of its functions are discarded. Throws ProgramError. */
export async function readGraph(directory: string, stack: string): Promise<Graph> {
  const packages = await mkdtemp(join(tmpdir(), "stormwire-iam-"));
  try {
    const { name } = await readProject(directory);
    const placeholders = await placeholdersFor(directory, name, stack);
    return await loadProgram({
      directory,
      stack,
      packages,
      overrides: placeholders,
    });
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}
