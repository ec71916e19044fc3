import {
  access,
  constants,
  mkdir,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { cannotWrite, OutputDirectoryError, writing } from "./write-fault.ts";

export { OutputDirectoryError };

/** Marks a folder as the output folder of a local run, and contains the id of the process that uses it. */
const MARKER = ".local-run.json";

/** Written once the resources of a run have started. A folder without this file contains nothing worth keeping. */
const STARTED = "stack.json";

interface TakeOptions {
  /** Continue the run that the folder contains. */
  readonly keep: boolean;
  /** Called with the folder of the previous run after that run has been moved there. */
  readonly onSetAside?: (previous: string) => void;
}

/**
 * Takes `directory` for one local run. Without `keep`, the run that it contains is moved to `DIRECTORY.previous`, which
 * keeps one run. A folder that was not made by a local run is never changed. A crash leaves the run in one of the two.
 *
 * @returns a function that releases the folder and keeps its content
 * @throws {OutputDirectoryError} when the folder contains other files, is used by another run, or cannot be written to
 */
export async function takeOutputDirectory(
  directory: string,
  { keep, onSetAside }: TakeOptions,
): Promise<() => Promise<void>> {
  const entries = await checkOutputDirectory(directory);
  const marker = join(directory, MARKER);
  await writing(directory, async () => {
    if (!keep && entries.includes(STARTED)) {
      const previous = await setAside(directory);
      onSetAside?.(previous);
    } else if (!keep) {
      await empty(directory);
    }
    await access(await nearestFolder(directory), constants.W_OK); // mkdir reports ENOENT on a read-only file system
    await mkdir(directory, { recursive: true });
    await writeFile(marker, `${JSON.stringify({ pid: process.pid })}\n`);
  });
  return () => writing(directory, () => writeFile(marker, "{}\n"));
}

/**
 * The entries of `directory`, if a local run may use it. Changes nothing.
 *
 * @throws {OutputDirectoryError} as {@link takeOutputDirectory}
 */
export async function checkOutputDirectory(directory: string): Promise<readonly string[]> {
  const entries = await entriesOf(directory);
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new OutputDirectoryError(
      `${directory} contains files that were not made by a local run; name an empty or new folder`,
    );
  }
  if (entries.includes(MARKER)) {
    const user = await runningUser(join(directory, MARKER));
    if (user !== undefined) {
      throw new OutputDirectoryError(`${directory} is in use by another local run, process ${user}`);
    }
  }
  return entries;
}

/** Moves the folder that a link points at; the link itself stays. */
async function setAside(directory: string): Promise<string> {
  const run = await realpath(directory);
  const previous = `${run}.previous`;
  await checkOutputDirectory(previous);
  await empty(previous);
  await rm(previous, { recursive: true, force: true });
  await rename(run, previous);
  await mkdir(run);
  return previous;
}

/** Keeps the marker, so that the folder stays marked if the run is killed here. */
async function empty(directory: string): Promise<void> {
  const others = (await entriesOf(directory)).filter((entry) => entry !== MARKER);
  await Promise.all(others.map((entry) => rm(join(directory, entry), { recursive: true, force: true })));
}

/** The folder, or its nearest parent that exists. */
async function nearestFolder(directory: string): Promise<string> {
  const isThere = await access(directory).then(
    () => true,
    () => false,
  );
  return isThere ? directory : await nearestFolder(dirname(resolve(directory)));
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      return [];
    }
    throw new OutputDirectoryError(cannotWrite(directory, cause) ?? `${directory} cannot be read: ${code}`, {
      cause,
    });
  }
}

/** The process that uses the folder, if it is still running. An incomplete marker belongs to a killed run. */
async function runningUser(marker: string): Promise<number | undefined> {
  const pid = /"pid":(\d+)/.exec(await readFile(marker, "utf8"))?.[1];
  if (pid === undefined || Number(pid) === process.pid) {
    return undefined;
  }
  try {
    process.kill(Number(pid), 0);
    return Number(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") {
      return undefined;
    }
    return Number(pid); // EPERM: the process runs as another user
  }
}
