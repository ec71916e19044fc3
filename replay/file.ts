import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ReplayError } from "./error.ts";

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  ENOTDIR: "no such file",
  EISDIR: "is a folder; a file is needed",
  EACCES: "may not be read: permission denied",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GiB; split it",
  ERR_BUFFER_TOO_LARGE: "is larger than 2 GiB when it is unpacked; split it",
};

/** https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const GZIP = Uint8Array.of(0x1f, 0x8b);
const MAX_UNPACKED_BYTES = 2 ** 31 - 1;

/** Binary formats that recordings are often confused with, by their first bytes. */
const BINARY: readonly (readonly [name: string, beginning: string])[] = [
  ["a ZIP archive or a spreadsheet", "PK\u0003\u0004"],
  ["a Parquet file", "PAR1"],
  ["a PDF", "%PDF-"],
  ["UTF-16 text", "\u00ff\u00fe"],
  ["UTF-16 text", "\u00fe\u00ff"],
];

/** Control characters that occur in text: tab, line feed, carriage return and, in old files, form feed and end of file. */
const IN_TEXT: readonly number[] = [0x09, 0x0a, 0x0d, 0x0c, 0x1a];
const HEAD_BYTES = 64 * 1024;

/**
 * The text of a file, unpacked when it is gzip.
 *
 * @throws {ReplayError} for a file that cannot be read, has a known binary format, or contains only white space.
 */
export async function readWhole(file: string): Promise<Uint8Array> {
  const stored = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    const problem = PROBLEMS[error.code ?? ""] ?? `cannot be read: ${error.message}`;
    throw new ReplayError({ file: file === "" ? '""' : file, problem, cause: error });
  });
  const bytes = stored.subarray(0, GZIP.length).equals(GZIP) ? await unpacked(file, stored) : stored;
  const kind = BINARY.find(([, beginning]) =>
    bytes.subarray(0, beginning.length).equals(Buffer.from(beginning, "latin1")),
  );
  if (kind !== undefined) throw binary(file, kind[0]);
  if (bytes.every((byte) => byte <= 0x20)) throw new ReplayError({ file, problem: "is empty" });
  return bytes;
}

/** Concatenated gzip files (`cat a.gz b.gz`) are unpacked one after the other. */
async function unpacked(file: string, bytes: Uint8Array): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (cause) {
    const { code = "", message } = cause as NodeJS.ErrnoException;
    const problem = PROBLEMS[code] ?? `cannot be unpacked, it is damaged or incomplete: ${message}`;
    throw new ReplayError({ file, problem, cause });
  }
}

/** Whether the beginning of a file contains bytes that do not occur in text. */
export function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, HEAD_BYTES).some((byte) => byte < 0x20 && !IN_TEXT.includes(byte));
}

/** The error for a file that is not text. */
export function binary(file: string, kind = "a binary file"): ReplayError {
  return new ReplayError({
    file,
    problem: `is ${kind}; allowed: text (CSV or NDJSON, UTF-8), or gzip of it`,
  });
}
