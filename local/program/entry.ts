import { readFile, stat } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { ProgramError } from "./error.ts";
import type { Project } from "./project.ts";

/** Where a program starts. */
interface Entry {
  readonly main: string;
  /** Working folder of the program: the project's, or that of the file or folder which Pulumi.yaml names. */
  readonly directory: string;
  /** The program is a CommonJS module, which Pulumi runs through ts-node. */
  readonly transpile: boolean;
}

/**
 * Finds the file that Pulumi would run: `main` of Pulumi.yaml (a file or a folder), else `main` of package.json, else index.ts or index.js.
 *
 * @throws {ProgramError} naming what is missing.
 */
export async function findEntry(projectDirectory: string, project: Project): Promise<Entry> {
  const { namedMain = "." } = project;
  const named = join(projectDirectory, namedMain);
  const directory = (await isDirectory(named)) ? named : dirname(named);
  const main = directory === named ? await mainOf(directory) : await existing(named);
  if (main === undefined) {
    throw new ProgramError(
      project.namedMain === undefined
        ? `${join(projectDirectory, "index.ts")} is missing: the project has no program`
        : `${named} is missing: Pulumi.yaml names it as the program`,
    );
  }
  const isPlain = extname(main) === ".js" || extname(main) === ".cjs";
  const transpile = (project.transpile || isPlain) && !(await isModule(main));
  return { main, directory, transpile };
}

async function mainOf(directory: string): Promise<string | undefined> {
  const { main } = await readPackage(directory);
  const candidates = [...(typeof main === "string" ? [main] : []), "index.ts", "index.js"];
  for (const candidate of candidates) {
    const file = await existing(join(directory, candidate));
    if (file !== undefined) return file;
  }
  return undefined;
}

/** Whether Node.js takes the file for an ES module because of its extension or the package.json nearest to it. */
async function isModule(file: string): Promise<boolean> {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (await existing(join(directory, "package.json")))
      return (await readPackage(directory)).type === "module";
    if (directory === dirname(directory)) return false;
  }
}

async function readPackage(directory: string): Promise<{ main?: unknown; type?: unknown }> {
  const file = await existing(join(directory, "package.json"));
  if (file === undefined) return {};
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new ProgramError(`${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

async function existing(file: string): Promise<string | undefined> {
  return (await statOf(file))?.isFile() ? file : undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() ?? false;
}

async function statOf(path: string) {
  return await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}
