import type { Payload } from "./source.ts";

/** What of a body that is not JSON is kept, so that somebody can see what it was. */
const MAX_BODY_BYTES = 64 * 1024;

/** The JSON of a body, or nothing when it is none. */
export function parseBody(body: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(body) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The first 64 KiB of a body that is not JSON; a character cut in two at the end is dropped. */
export function unparsed(body: string): Payload {
  const bytes = new TextEncoder().encode(body).subarray(0, MAX_BODY_BYTES);
  return { body: new TextDecoder().decode(bytes, { stream: true }) };
}
