import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { createMemoryLake, type MemoryLake } from "../memory-lake.ts";

/** Writes the objects below a prefix as files, as an engine that knows no S3 reads them. */
export async function writeObjects({ objects }: MemoryLake, prefix: string, directory: string) {
  for (const [key, body] of objects) {
    if (!key.startsWith(prefix)) continue;
    const path = join(directory, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
  }
}

/** The files below a folder of `directory` as objects. */
export async function readObjects(directory: string, folder: string): Promise<MemoryLake> {
  const lake = createMemoryLake();
  const entries = await readdir(join(directory, folder), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath, entry.name);
    lake.objects.set(relative(directory, path), await readFile(path));
  }
  return lake;
}
