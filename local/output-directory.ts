import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Marks a folder as a local run's own, and says which process uses it. */
const MARKER = ".local-run.json";

/** Thrown when a local run may not use the folder it is given. */
export class OutputDirectoryError extends Error {
  override readonly name = "OutputDirectoryError";
}

/**
 * Takes `directory` for one local run. Empties it unless `keep`; never empties a folder that no local run made.
 *
 * @returns a function that gives the folder free again, leaving what is in it
 * @throws {OutputDirectoryError} when the folder holds something else or another run is using it
 */
export async function takeOutputDirectory(
  directory: string,
  { keep }: { keep: boolean },
): Promise<() => Promise<void>> {
  const marker = join(directory, MARKER);
  const entries = await entriesOf(directory);
  if (entries.length > 0 && !entries.includes(MARKER)) {
    throw new OutputDirectoryError(
      `${directory} holds files that no local run made; name an empty or new folder`,
    );
  }
  if (entries.includes(MARKER)) {
    const user = await runningUser(marker);
    if (user !== undefined) {
      throw new OutputDirectoryError(`${directory} is in use by another local run, process ${user}`);
    }
  }
  if (!keep) {
    // The marker goes last: a run killed while it empties the folder must find it marked.
    const others = entries.filter((entry) => entry !== MARKER);
    await Promise.all(others.map((entry) => rm(join(directory, entry), { recursive: true, force: true })));
  }
  await mkdir(directory, { recursive: true });
  await writeFile(marker, `${JSON.stringify({ pid: process.pid })}\n`);
  return () => writeFile(marker, "{}\n");
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      return [];
    }
    throw new OutputDirectoryError(`${directory} cannot be used for the run's output: ${code}`, { cause });
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
