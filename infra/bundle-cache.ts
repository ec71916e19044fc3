import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** A bundle and what it was made of: every file that was read, from the project's folder, with the SHA-256 of its bytes. */
export interface Bundle {
  readonly text: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/** Bundles of earlier runs of the program; one is used again only while every file that it was made of is the same. */
export interface BundleCache {
  /** @param request all else that decides on the bundle: the callback, the bundler and its options */
  obtain(request: string, make: () => Promise<{ text: string; inputs: readonly string[] }>): Promise<string>;
}

const bundleSchema = z.object({ text: z.string(), inputs: z.record(z.string(), z.string()) });

/** Lets one do without, e.g. to see that the same sources give the same bytes: `STORMWIRE_BUNDLE_CACHE=off`. */
const SWITCH = "STORMWIRE_BUNDLE_CACHE";

/**
 * The cache of a project, below its `node_modules` as build tools keep theirs: taking that away takes it away.
 * Bundling is most of what a load of the program takes, and most loads find nothing changed.
 */
export function openBundleCache(projectDirectory: string): BundleCache {
  if (process.env[SWITCH] === "off") return { obtain: async (_, make) => (await make()).text };
  const folder = join(projectDirectory, "node_modules/.cache/stormwire/bundles");
  const hashes = new Map<string, Promise<string>>();
  const hashOf = (path: string): Promise<string> => {
    const hash = hashes.get(path) ?? hashFile(join(projectDirectory, path));
    hashes.set(path, hash);
    return hash;
  };

  async function isCurrent({ inputs }: Bundle): Promise<boolean> {
    const same = Object.entries(inputs).map(async ([path, hash]) => (await hashOf(path)) === hash);
    return (await Promise.all(same)).every((isSame) => isSame);
  }

  return {
    async obtain(request, make) {
      const file = join(folder, `${await keyOf(request, hashOf)}.json`);
      const known = await readBundle(file);
      if (known !== undefined && (await isCurrent(known))) return known.text;
      const { text, inputs } = await make();
      const hashed = await Promise.all(inputs.map(async (path) => [path, await hashOf(path)] as const));
      await writeBundle(folder, file, { text, inputs: Object.fromEntries(hashed) });
      return text;
    },
  };
}

/** Which file an import means depends on the packages that are installed, too. */
async function keyOf(request: string, hashOf: (path: string) => Promise<string>): Promise<string> {
  const packages = await Promise.all(["package.json", "package-lock.json"].map(hashOf));
  return createHash("sha256")
    .update(JSON.stringify([request, ...packages]))
    .digest("hex");
}

/** A file that is gone has no hash that a bundle could have. */
async function hashFile(path: string): Promise<string> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    if (isMissing(error)) return "missing";
    throw error;
  }
}

/** Undefined for none, and for one that another version of this program wrote. */
async function readBundle(file: string): Promise<Bundle | undefined> {
  try {
    return bundleSchema.safeParse(JSON.parse(await readFile(file, "utf8"))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** In one rename: another process may read it at any moment. Where packages cannot be written to, nothing is kept. */
async function writeBundle(folder: string, file: string, bundle: Bundle): Promise<void> {
  const temporary = join(folder, `.${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, JSON.stringify(bundle));
    await rename(temporary, file);
  } catch (error) {
    if (!hasCode(error, "EACCES", "EPERM", "EROFS")) throw error;
  }
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
