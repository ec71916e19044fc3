import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Graph, Resource } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";

export const projectDirectory = fileURLToPath(new URL("../..", import.meta.url));

/** A graph with the folder its packages lie in; `remove` deletes the folder. */
export interface LoadedProgram {
  readonly graph: Graph;
  readonly packages: string;
  remove(): Promise<void>;
}

/** Loads the program itself; `overrides` replace config of the stack's file, `stormwire:key` -> value. */
export async function loadStormwire(
  stack: string,
  overrides: Record<string, unknown> = {},
): Promise<LoadedProgram> {
  const packages = await mkdtemp(join(tmpdir(), "stormwire-packages-"));
  const graph = await loadProgram({ directory: projectDirectory, stack, packages, overrides });
  return { graph, packages, remove: () => rm(packages, { recursive: true, force: true }) };
}

/** The one resource of a type and logical name. */
export function resource(graph: Graph, type: string, name: string): Resource {
  const found = graph.resources.filter((candidate) => candidate.type === type && candidate.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const names = graph.resources
      .filter((candidate) => candidate.type === type)
      .map((candidate) => candidate.name);
    throw new Error(
      `${found.length} resources are ${type} "${name}"; of that type there are: ${names.join(", ")}`,
    );
  }
  return only;
}

/** A policy document of the graph, which may be text or an object. */
export function statements(policy: unknown): Record<string, unknown>[] {
  const document = typeof policy === "string" ? JSON.parse(policy) : policy;
  return [document.Statement].flat();
}
