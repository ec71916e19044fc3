import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createColdStart } from "./packages/cold-start.ts";
import { everyDependency, ofOneFile, type Package, withoutSdk } from "./packages/sides.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));
const HANDLERS = ["produce", "alert", "archive", "notify", "watch", "webhook"] as const;
/** Fresh processes for each figure; sides take turns, so that what else the machine does meets all of them. */
const STARTS = 15;

const SIDES: Readonly<Record<string, (handler: string, project: string) => Promise<Package>>> = {
  "one bundle (ours)": ofOneFile,
  "bundle, the SDK left out": withoutSdk,
  "all of dependencies (Pulumi's default)": everyDependency,
};

/**
 * `npm run bench -- packages`: what each function weighs and how long its code takes to load in a fresh process, beside
 * the usual other ways to package it. The second side ships no SDK, and loads the one that is installed as Lambda's own is.
 */
export async function benchPackages(): Promise<void> {
  console.log("npm run bench -- packages");
  console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
  console.log(
    `${"".padEnd(9)}${"".padEnd(40)}${["zipped, bytes", "files", "loaded in, ms", "heap, MB"].map((head) => head.padStart(15)).join("")}`,
  );
  const folder = await mkdtemp(join(tmpdir(), "stormwire-packages-"));
  try {
    for (const handler of HANDLERS) await printHandler(handler, join(folder, handler));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function printHandler(handler: string, folder: string): Promise<void> {
  const packages = await Promise.all(
    Object.entries(SIDES).map(async ([side, make]) => ({ side, ...(await make(handler, PROJECT)) })),
  );
  const coldStart = await createColdStart(packages, { folder, project: PROJECT });
  for (let round = 0; round < STARTS; round++) {
    for (const { side } of packages) await coldStart.start(side);
  }
  for (const [index, { side, zippedBytes, files }] of packages.entries()) {
    const { milliseconds, heapBytes } = coldStart.median(side);
    const figures = [
      zippedBytes.toLocaleString("en"),
      files.toLocaleString("en"),
      milliseconds.toFixed(0),
      (heapBytes / 1e6).toFixed(1),
    ];
    console.log(
      `${(index === 0 ? handler : "").padEnd(9)}${side.padEnd(40)}${figures.map((text) => text.padStart(15)).join("")}`,
    );
  }
}
