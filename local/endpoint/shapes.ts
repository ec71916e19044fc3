import * as z from "zod";

/**
 * A blob of an operation's input: bytes when called in-process, base64 text when it came over JSON or Query,
 * whose messages do not say which of their strings are blobs.
 */
export function blob() {
  return z.union([
    z.instanceof(Uint8Array),
    z.base64({ error: "Member must be base64" }).transform((text): Uint8Array => Buffer.from(text, "base64")),
  ]);
}

/** A time of an operation's input: a Date in-process, epoch seconds over JSON, ISO 8601 over Query. */
export function timestamp() {
  return z.union([
    z.date(),
    z.number().transform((epochSeconds) => new Date(epochSeconds * 1000)),
    z.iso.datetime().transform((text) => new Date(text)),
  ]);
}
