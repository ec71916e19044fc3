import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";

/**
 * Whether the bytes are a complete gzip in which at least one line is a JSON object; gold_objects.py decides the same.
 * Engines read a torn gzip differently: one fails, another returns the lines before the tear.
 */
export async function isReadable(body: Uint8Array): Promise<boolean> {
  const stream = createGunzip();
  stream.end(body);
  try {
    const text = await buffer(stream);
    // zlib ignores zeros after the end, Spark fails on them.
    return stream.bytesWritten === body.length && hasRecord(text);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "Z_BUF_ERROR" || code === "Z_DATA_ERROR") return false;
    throw error;
  }
}

const NEWLINE = 0x0a;

function hasRecord(text: Buffer): boolean {
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf(NEWLINE, from);
    const end = newline === -1 ? text.length : newline;
    if (isRecord(text.toString("utf8", from, end))) return true;
    from = end + 1;
  }
  return false;
}

function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
