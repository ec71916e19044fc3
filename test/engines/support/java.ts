import { existsSync, globSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { runCommand } from "./command.ts";
import { UnavailableError } from "./unavailable.ts";

/** A Java runtime: its home folder and its feature version, e.g. 17. */
export interface Java {
  readonly home: string;
  readonly version: number;
}

/** Where distributions, macOS and SDKMAN! keep Java homes. */
const COMMON_HOMES = [
  "/usr/lib/jvm/*",
  "/usr/java/*",
  "/opt/java/*",
  "/Library/Java/JavaVirtualMachines/*/Contents/Home",
  join(homedir(), ".sdkman/candidates/java/*"),
];

/** The first Java that fits. Throws {@link UnavailableError} naming the ones there are. */
export async function findJava(wanted: string, fits: (version: number) => boolean): Promise<Java> {
  const found: Java[] = [];
  for (const home of candidateHomes()) {
    const version = await versionOf(home);
    if (version === undefined) continue;
    if (fits(version)) return { home, version };
    found.push({ home, version });
  }
  const list = found.map(({ home, version }) => `${version} at ${home}`).join(", ");
  throw new UnavailableError(`it needs Java ${wanted}; found: ${list || "none"}`);
}

/** `JAVA_HOME`, every `java` on the PATH, then the common folders; each home once. */
function candidateHomes(): string[] {
  const { JAVA_HOME, PATH = "" } = process.env;
  const onPath = PATH.split(delimiter)
    .map((folder) => join(folder, "java"))
    .filter((file) => existsSync(file))
    .map((file) => join(realpathSync(file), "../.."));
  const homes = [
    ...(JAVA_HOME === undefined ? [] : [JAVA_HOME]),
    ...onPath,
    ...globSync(COMMON_HOMES).sort(),
  ];
  const real = homes.filter((home) => existsSync(join(home, "bin/java"))).map((home) => realpathSync(home));
  return [...new Set(real)];
}

/** Undefined for what is there but does not run, such as an installer's launcher. */
async function versionOf(home: string): Promise<number | undefined> {
  try {
    const { stderr } = await runCommand(join(home, "bin/java"), ["-version"], {
      timeoutMilliseconds: 30_000,
    });
    // Before Java 9 the feature version came second: 1.8.0_412.
    const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(stderr) ?? [];
    const version = Number(first === "1" ? second : first);
    return Number.isNaN(version) ? undefined : version;
  } catch (error) {
    console.warn(`    ${home} is passed over: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
