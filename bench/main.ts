import { benchAlerts } from "./alerts.ts";
import { benchArchive } from "./archive.ts";
import { benchLake } from "./lake.ts";
import { benchPackages } from "./packages.ts";

/** Measurements of speed and memory. They assert nothing: what they print depends on the machine. */
const BENCHMARKS: Readonly<Record<string, () => void | Promise<void>>> = {
  alerts: benchAlerts,
  archive: benchArchive,
  lake: benchLake,
  packages: benchPackages,
};

const [name = ""] = process.argv.slice(2);
const bench = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (bench === undefined) {
  const found = name === "" ? "no benchmark is named" : `there is no benchmark "${name}"`;
  console.error(`${found}; allowed: ${Object.keys(BENCHMARKS).join(", ")}`);
  process.exitCode = 2;
} else {
  await bench();
}
