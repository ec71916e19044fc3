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

/** Marks a folder as a local run's own, and says which process uses it. */
const MARKER = ".local-run.json";

/** Left by a run whose resources were alive: a folder without it holds nothing that anyone would miss. */
const STARTED = "stack.json";

interface TakeOptions {
  /** Go on from what the folder holds. */
  readonly keep: boolean;
  /** Called with the folder that holds the run of before, once it is there. */
  readonly onSetAside?: (previous: string) => void;
}

/**
 * Takes `directory` for one local run. Unless `keep`, the run that it holds is moved to `DIRECTORY.previous`, where one
 * is kept; a folder that no local run made is never touched. A crash between the steps leaves the run in one of the two.
 *
 * @returns a function that gives the folder free again, leaving what is in it
 * @throws {OutputDirectoryError} when the folder holds something else, another run is using it, or it cannot be written
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
    await access(await nearestFolder(directory), constants.W_OK); // mkdir says ENOENT of a read-only file system
    await mkdir(directory, { recursive: true });
    await writeFile(marker, `${JSON.stringify({ pid: process.pid })}\n`);
  });
  return () => writing(directory, () => writeFile(marker, "{}\n"));
}

/**
 * What `directory` holds, when a local run may use it. Changes nothing.
 *
 * @throws {OutputDirectoryError} as {@link takeOutputDirectory}
 */
export async function checkOutputDirectory(directory: string): Promise<readonly string[]> {
  const entries = await entriesOf(directory);
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new OutputDirectoryError(
      `${directory} holds files that no local run made; name an empty or new folder`,
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

/** A link to a folder stays where it is: what it points at is moved. */
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

/** The marker goes last: a run killed while it empties the folder must find it marked. */
async function empty(directory: string): Promise<void> {
  const others = (await entriesOf(directory)).filter((entry) => entry !== MARKER);
  await Promise.all(others.map((entry) => rm(join(directory, entry), { recursive: true, force: true })));
}

/** The folder, or the first above it that is there. */
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

/** The process that holds the folder, if it is still alive. A torn marker is that of a killed run. */
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
    return Number(pid); // EPERM: alive, another user's
  }
}
