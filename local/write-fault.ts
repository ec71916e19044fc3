import { resolve, sep } from "node:path";
import { UserError } from "../lib/user-error.ts";

/** Thrown when a local run may not use the folder it is given, or cannot write to it. */
export class OutputDirectoryError extends UserError {
  override readonly name = "OutputDirectoryError";
}

/** Thrown when a run that is under way can write no more; what it wrote before stays. */
export class WriteFaultError extends UserError {
  override readonly exitCode = 1;
  override readonly name = "WriteFaultError";
}

/** Faults of a disk as a whole; they come with or without the path of a file. */
const OF_THE_DISK = ["ENOSPC", "EROFS", "EDQUOT"];

/** Node's text of a file system's refusal: `EACCES: permission denied, open '/a/b'`, with a second path for a rename. */
const REFUSAL = /\b(E[A-Z]{2,14}): ([a-z][^,:'\n]*), [a-z]+(?: '([^'\n]+)')?(?: -> '([^'\n]+)')?/g;

/**
 * The line that says why nothing can be written to `directory`, when that is what went wrong: also where the refusal of
 * the file system is only quoted in another error, as Pulumi does with what fails while a property is serialized.
 */
export function cannotWrite(directory: string, error: unknown): string | undefined {
  for (const [, code = "", reason, ...paths] of textOf(error).matchAll(REFUSAL)) {
    const path = paths.find((candidate) => candidate !== undefined && isAt(directory, candidate));
    if (path === undefined && !OF_THE_DISK.includes(code)) continue;
    const inside = path !== undefined && resolve(path) !== resolve(directory) ? ` (${path})` : "";
    return `Cannot write to ${directory}: ${reason}${inside}`;
  }
  return undefined;
}

/**
 * Does what writes to `directory`.
 *
 * @throws {OutputDirectoryError} when the file system refuses that
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

/** Messages of an error and of its causes. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}\n${textOf(error.cause)}`;
}

/** Whether `path` is the folder, within it, beside it as `FOLDER.previous`, or one of the folders above it. */
function isAt(directory: string, path: string): boolean {
  const folder = resolve(directory);
  const found = resolve(path);
  const isAbove = `${folder}${sep}`.startsWith(`${found}${sep}`);
  return isAbove || [sep, "."].some((end) => found.startsWith(folder + end));
}
