import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { installOnce } from "../support/cache.ts";
import { CommandError, runCommand } from "../support/command.ts";
import { findJava } from "../support/java.ts";
import { UnavailableError } from "../support/unavailable.ts";

/** Trino with the Hive connector, and the Java that runs it. */
export interface Trino {
  readonly java: string;
  /** Java archives of the server. */
  readonly libraries: string;
  /** Folder of plugins, the Hive connector alone in it. */
  readonly plugins: string;
}

/** The newest whose server comes as one artifact without every plugin: the whole is a gigabyte. */
const TRINO_VERSION = "476";
/** https://trino.io/docs/476/installation/deployment.html#java-runtime-environment */
const JAVA_VERSION = 24;
const SERVER = `trino-server-core-${TRINO_VERSION}`;
const CONNECTOR = `trino-hive-${TRINO_VERSION}`;

/** Finds Java and installs Trino into the cache. Throws {@link UnavailableError}. */
export async function obtainTrino(): Promise<Trino> {
  const { home } = await findJava(`${JAVA_VERSION} or newer`, (version) => version >= JAVA_VERSION);
  const directory = await installOnce(`trino-${TRINO_VERSION}`, unpackArtifacts);
  return {
    java: join(home, "bin/java"),
    libraries: join(directory, SERVER, "lib"),
    plugins: join(directory, "plugins"),
  };
}

/** What Maven keeps beside what is wanted, its repository and its notes of what was unpacked, goes with the folder `maven`. */
async function unpackArtifacts(folder: string): Promise<void> {
  const maven = join(folder, "maven");
  await mkdir(maven);
  const unpack = (artifact: string, outputDirectory: string) =>
    runCommand(
      "mvn",
      [
        "--batch-mode",
        "--no-transfer-progress",
        `-Dmaven.repo.local=${join(maven, "repository")}`,
        "dependency:unpack",
        `-Dartifact=${artifact}`,
        `-DoutputDirectory=${outputDirectory}`,
      ],
      { cwd: maven },
    );
  try {
    await unpack(`io.trino:trino-server-core:${TRINO_VERSION}:tar.gz`, folder);
    await unpack(`io.trino:trino-hive:${TRINO_VERSION}:zip`, join(folder, "plugins"));
    await rename(join(folder, "plugins", CONNECTOR), join(folder, "plugins/hive"));
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new UnavailableError(`Trino ${TRINO_VERSION} could not be installed: ${cause.message}`, { cause });
  } finally {
    await rm(maven, { recursive: true, force: true });
  }
}
