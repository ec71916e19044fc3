import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { Package } from "./sides.ts";

const reportSchema = z.object({ milliseconds: z.number(), heapBytes: z.number() });

type Start = z.infer<typeof reportSchema>;

/** Starts the entries of packages, each time in a process of its own. */
interface ColdStart {
  start(side: string): Promise<void>;
  /** Of all starts so far: from the entry's first line until its handler is loaded, and the heap in use then. */
  median(side: string): Start;
}

/** Counted from where Node.js itself is up: that part is the same for every package. */
const STARTER = `const begin = performance.now();
globalThis.loaded = () => {
  const milliseconds = performance.now() - begin;
  gc();
  process.send({ milliseconds, heapBytes: process.memoryUsage().heapUsed }, () => process.disconnect());
};
require(process.argv[2]);
`;

/** @param folder which is made, and in which packages are found as in the project */
export async function createColdStart(
  packages: readonly (Package & { readonly side: string })[],
  { folder, project }: { readonly folder: string; readonly project: string },
): Promise<ColdStart> {
  await mkdir(folder);
  await symlink(join(project, "node_modules"), join(folder, "node_modules"), "junction");
  const starts = new Map<string, Start[]>(packages.map(({ side }) => [side, []]));
  const entries = new Map(packages.map(({ side }, index) => [side, join(folder, `${index}.cjs`)]));
  for (const { side, entry } of packages) await writeFile(entries.get(side) ?? "", entry);
  const starter = join(folder, "starter.cjs");
  await writeFile(starter, STARTER);

  return {
    async start(side) {
      const child = fork(starter, [entries.get(side) ?? ""], { cwd: folder, execArgv: ["--expose-gc"] });
      let report: unknown;
      child.on("message", (message) => {
        report = message;
      });
      await once(child, "close"); // without a report, if the package cannot be loaded
      starts.get(side)?.push(reportSchema.parse(report));
    },
    median(side) {
      const measured = starts.get(side) ?? [];
      return {
        milliseconds: median(measured.map(({ milliseconds }) => milliseconds)),
        heapBytes: median(measured.map(({ heapBytes }) => heapBytes)),
      };
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
