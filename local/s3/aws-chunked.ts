import { AwsError } from "../endpoint/error.ts";

/** A body taken out of the `aws-chunked` framing, with its trailing headers (names in lower case). */
export interface UnchunkedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = "\r\n";

/**
 * Undoes `aws-chunked`: `<hex size>[;chunk-signature=…]CRLF<bytes>CRLF … 0[;…]CRLF<trailers>CRLF`. Signatures of single
 * chunks are not checked: the signature of the request itself already covers who sent it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 * @throws {AwsError} IncompleteBody when the framing is broken or the size differs from x-amz-decoded-content-length.
 */
export function unchunk(framed: Buffer, decodedLengthBytes: number | undefined): UnchunkedBody {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = framed.indexOf(CRLF, position);
    const size = lineEnd < 0 ? Number.NaN : chunkSize(framed.toString("latin1", position, lineEnd));
    if (Number.isNaN(size)) throw incompleteBody(`no chunk header at byte ${position}`);
    position = lineEnd + CRLF.length;
    if (size === 0) break;
    const end = position + size;
    if (framed.toString("latin1", end, end + CRLF.length) !== CRLF) {
      throw incompleteBody(`the chunk at byte ${position} is not ${size} bytes`);
    }
    chunks.push(framed.subarray(position, end));
    position = end + CRLF.length;
  }
  const body = Buffer.concat(chunks);
  if (decodedLengthBytes !== undefined && decodedLengthBytes !== body.length) {
    throw incompleteBody(
      `x-amz-decoded-content-length is ${decodedLengthBytes}, the body has ${body.length} bytes`,
    );
  }
  return { body, trailers: trailersOf(framed.toString("latin1", position)) };
}

function chunkSize(header: string): number {
  const size = header.split(";", 1)[0] ?? "";
  return /^[0-9a-fA-F]+$/.test(size) ? Number.parseInt(size, 16) : Number.NaN;
}

function trailersOf(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

function incompleteBody(detail: string): AwsError {
  return new AwsError("IncompleteBody", `The request body terminated unexpectedly: ${detail}`);
}
