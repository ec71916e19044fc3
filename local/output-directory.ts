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
import { dirname, join, resolve, sep } from "node:path";
import { UserError } from "../lib/user-error.ts";

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

/** Thrown when a local run may not use the folder it is given, or cannot write to it. */
export class OutputDirectoryError extends UserError {
  override readonly name = "OutputDirectoryError";
}

/** Thrown when a running local run can no longer write. What it has written stays. */
export class WriteFaultError extends UserError {
  override readonly exitCode = 1;
  override readonly name = "WriteFaultError";
}

/** Errors of a whole disk, which are reported with or without the path of a file. */
const OF_THE_DISK = ["ENOSPC", "EROFS", "EDQUOT"];

/** Node's text of a file system error: `EACCES: permission denied, open '/a/b'`, with a second path for a rename. */
const FILE_SYSTEM_ERROR = /\b(E[A-Z]{2,14}): ([a-z][^,:'\n]*), [a-z]+(?: '([^'\n]+)')?(?: -> '([^'\n]+)')?/g;

/**
 * The reason why `directory` cannot be written to, in one line, if that is the cause of an error. The file system error may
 * be quoted in another error, as Pulumi does when serializing a property fails.
 */
export function cannotWrite(directory: string, error: unknown): string | undefined {
  for (const [, code = "", reason, ...paths] of textOf(error).matchAll(FILE_SYSTEM_ERROR)) {
    const path = paths.find((candidate) => candidate !== undefined && isAt(directory, candidate));
    if (path === undefined && !OF_THE_DISK.includes(code)) continue;
    const inside = path !== undefined && resolve(path) !== resolve(directory) ? ` (${path})` : "";
    return `Cannot write to ${directory}: ${reason}${inside}`;
  }
  return undefined;
}

/**
 * Runs a function that writes to `directory`.
 *
 * @throws {OutputDirectoryError} when the file system rejects the write
 */
export async function writing<Result>(directory: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof OutputDirectoryError) throw cause;
    const line = cannotWrite(directory, cause);
    if (line === undefined) throw cause;
    throw new OutputDirectoryError(line, { cause });
  }
}

/** The messages of an error and its causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${textOf(error.cause)}`;
}

/** Whether `path` is the folder, inside it, its sibling `FOLDER.previous`, or a parent folder. */
function isAt(directory: string, path: string): boolean {
  const folder = resolve(directory);
  const found = resolve(path);
  const isAbove = `${folder}${sep}`.startsWith(`${found}${sep}`);
  return isAbove || [sep, "."].some((end) => found.startsWith(folder + end));
}
