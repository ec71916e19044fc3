import { AwsError } from "../endpoint/error.ts";

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header against an object of `sizeBytes`. Undefined when the header is no single byte range: S3
 * then answers with the whole object. https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 * @throws {AwsError} InvalidRange (416) when the range begins behind the end.
 */
export function parseRange(header: string, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (match === null) return undefined;
  const [, from = "", to = ""] = match;
  if (from === "" && to === "") return undefined;
  if (from !== "" && to !== "" && Number(to) < Number(from)) return undefined;
  const first = from === "" ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (first > last) {
    throw new AwsError(
      "InvalidRange",
      `The requested range is not satisfiable: ${header} of an object of ${sizeBytes} bytes`,
      { statusCode: 416 },
    );
  }
  return { first, last };
}
