import { resolve, sep } from "node:path";
import { UserError } from "../lib/user-error.ts";

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
