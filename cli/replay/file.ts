import { readFile } from "node:fs/promises";
import { ReplayError } from "./error.ts";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "is a folder; a file is needed",
  EACCES: "may not be read: permission denied",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GiB; split it",
};

/** @throws {ReplayError} for a file that cannot be read, or has nothing but white space in it. */
export async function readWhole(file: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const problem = PROBLEMS[error.code ?? ""] ?? `cannot be read: ${error.message}`;
    throw new ReplayError({ file: file === "" ? '""' : file, problem, cause: error });
  });
  if (bytes.every((byte) => byte <= 0x20)) throw new ReplayError({ file, problem: "is empty" });
  return bytes;
}
