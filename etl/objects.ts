import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";

/**
 * Why a raw object cannot be read; undefined: it can. gold_objects.py says the same. Half an object is none: what a
 * reader makes of a torn gzip differs from engine to engine, from an error to the lines that are left.
 */
export async function flawOf(body: Uint8Array): Promise<string | undefined> {
  if (body.length === 0) return "0 bytes";
  try {
    const { text, isAll } = await gunzip(body);
    if (!isAll) return DAMAGED;
    return hasRecord(text) ? undefined : "no line is a JSON object";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "Z_BUF_ERROR") return "gzip that ends early";
    if (code === "Z_DATA_ERROR") return DAMAGED;
    throw error;
  }
}

const DAMAGED = "no gzip, or damaged";

/** `isAll`: nothing is behind the end. zlib passes over zeros there, Spark does not. */
async function gunzip(body: Uint8Array): Promise<{ text: Buffer; isAll: boolean }> {
  const stream = createGunzip();
  stream.end(body);
  const text = await buffer(stream);
  return { text, isAll: stream.bytesWritten === body.length };
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
