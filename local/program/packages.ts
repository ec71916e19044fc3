import { existsSync } from "node:fs";
import { cp, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { asset } from "@pulumi/pulumi";
import { unzipSync } from "fflate";
import { NotEmulatedError } from "../endpoint/error.ts";

/** A file asset in the graph: its path or its text. */
type GraphAsset = { readonly path: string } | { readonly text: string };

/** Converts a Pulumi asset for the graph. */
export async function graphAsset(value: asset.Asset): Promise<GraphAsset> {
  if (value instanceof asset.FileAsset) {
    return { path: resolve(await value.path) };
  }
  if (value instanceof asset.StringAsset) {
    return { text: await value.text };
  }
  throw new NotEmulatedError("An asset fetched from a URL");
}

/** Unpacks an archive into `directory` as Lambda would. Folders of the project are linked, not copied. */
export async function unpackArchive(archive: asset.Archive, directory: string): Promise<void> {
  if (archive instanceof asset.AssetArchive) {
    await mkdir(directory, { recursive: true });
    for (const [name, entry] of Object.entries(await archive.assets)) {
      await unpackEntry(entry, inside(directory, name));
    }
    return;
  }
  if (archive instanceof asset.FileArchive) {
    const path = resolve(await archive.path);
    await stat(path).catch((cause: unknown) => {
      throw new Error(`The archive ${path} does not exist`, { cause });
    });
    if (path.endsWith(".zip")) return await unzipTo(path, directory);
    await mkdir(dirname(directory), { recursive: true });
    // An existing folder cannot become a link, so the files are copied into it.
    if (existsSync(directory)) await cp(path, directory, { recursive: true });
    else await symlink(path, directory);
    return;
  }
  throw new NotEmulatedError("An archive fetched from a URL");
}

async function unzipTo(file: string, directory: string): Promise<void> {
  for (const [name, content] of Object.entries(unzipSync(await readFile(file)))) {
    const target = inside(directory, name);
    await mkdir(name.endsWith("/") ? target : dirname(target), { recursive: true });
    if (!name.endsWith("/")) await writeFile(target, content);
  }
}

/** The path of `name` below `directory`; a package may not contain paths outside its folder. */
function inside(directory: string, name: string): string {
  const target = join(directory, name);
  const path = relative(directory, target);
  if (path.startsWith("..") || isAbsolute(path)) {
    throw new Error(
      `A package contains "${name}", which is outside its folder; add a package.json to the program`,
    );
  }
  return target;
}

async function unpackEntry(entry: asset.Asset | asset.Archive, target: string): Promise<void> {
  if (asset.Archive.isInstance(entry)) {
    await unpackArchive(entry, target);
    return;
  }
  await mkdir(dirname(target), { recursive: true });
  const file = await graphAsset(entry);
  await ("path" in file ? symlink(file.path, target) : writeFile(target, file.text));
}
