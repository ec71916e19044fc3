import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** No install takes as long: a temporary folder older than this was left behind by a run that was killed. */
const ABANDONED_AFTER_MILLISECONDS = 60 * 60 * 1000;

/** Folder of what is too heavy for a checkout: `STORMWIRE_CACHE`, or `stormwire` in the user's cache folder. */
export function cacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { STORMWIRE_CACHE, XDG_CACHE_HOME } = environment;
  return STORMWIRE_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "stormwire");
}

/**
 * The folder `name` of the cache, made by `install` when it is missing. `install` fills a folder of another name, which
 * becomes the cache's in one rename: a crash half-way leaves nothing that the next run would take for whole.
 * @returns the folder's path; what `install` throws is thrown
 */
export async function installOnce(
  name: string,
  install: (directory: string) => Promise<void>,
  cache = cacheDirectory(),
): Promise<string> {
  const directory = join(cache, name);
  if (existsSync(directory)) return directory;
  await mkdir(cache, { recursive: true });
  const prefix = `.installing-${name}-`;
  await removeAbandoned(cache, prefix);
  const temporary = await mkdtemp(join(cache, prefix));
  try {
    await install(temporary);
    await rename(temporary, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error; // else another run was as fast, with the same result
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return directory;
}

async function removeAbandoned(cache: string, prefix: string): Promise<void> {
  const candidates = (await readdir(cache)).filter((entry) => entry.startsWith(prefix));
  for (const path of candidates.map((entry) => join(cache, entry))) {
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MILLISECONDS) await rm(path, { recursive: true, force: true });
  }
}
