import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Names the folder of kept bundles. Not set, as in a deployment, every bundle is made from what the sources are now. */
const FOLDER = "STORMWIRE_BUNDLES";

/**
 * The bundle of a callback, made once for as long as its folder is there: tests load one program time and again, mostly in
 * processes of their own. A callback's own text is all that tells two bundles apart, so whoever names a folder removes it
 * before a source changes.
 */
export async function keptBundle(
  source: string,
  projectDirectory: string,
  make: () => Promise<string>,
): Promise<string> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return await make();
  const key = createHash("sha256")
    .update(JSON.stringify([projectDirectory, source]))
    .digest("hex");
  const file = join(folder, `${key}.js`);
  if (existsSync(file)) return await readFile(file, "utf8");
  const bundle = await make();
  const unfinished = `${file}.${randomUUID()}`; // renamed when it is whole: others read at the same time
  await writeFile(unfinished, bundle);
  await rename(unfinished, file);
  return bundle;
}
