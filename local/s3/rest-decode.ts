import { XMLParser, XMLValidator } from "fast-xml-parser";
import * as z from "zod";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import type { DecodedRequest, HttpRequest } from "../endpoint/operation.ts";
import { invalidArgument, malformedXml } from "./errors.ts";
import { operationOf, REST_OPERATIONS, rejectUnknown } from "./rest-routes.ts";

const USER_METADATA = "x-amz-meta-";

/**
 * Reads a request into the input of an operation.
 * @throws {AwsError} for a malformed request.
 * @throws {NotEmulatedError} naming a feature that is not emulated.
 */
export function decodeRequest(request: HttpRequest): DecodedRequest {
  const { bucket, key } = addressOf(request.path);
  const operation = operationOf(request, key !== "");
  const plain = plainRequest(request);
  rejectUnknown(operation, plain);
  const input = {
    Bucket: bucket,
    ...(key === "" ? {} : { Key: key }),
    ...fieldsOf(operation, plain),
  };
  if (operation === "PutObject") {
    return { operation, input: { ...input, Body: plain.body, Metadata: userMetadata(plain.headers) } };
  }
  if (operation === "DeleteObjects")
    return { operation, input: { ...input, Delete: deleteList(plain.body) } };
  return { operation, input };
}

function addressOf(path: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch (cause) {
    throw new AwsError("InvalidURI", "Couldn't parse the specified URI.", { cause });
  }
}

function fieldsOf(operation: string, { query, headers }: HttpRequest): Record<string, string | number> {
  const known = REST_OPERATIONS[operation];
  const fields: Record<string, string | number> = {};
  for (const [name, field] of Object.entries(known?.query ?? {})) {
    const value = query.get(name);
    if (field !== "" && value !== null) fields[field] = field === "MaxKeys" ? maxKeysOf(value) : value;
  }
  for (const [name, field] of Object.entries(known?.headers ?? {})) {
    const value = headers[name];
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

function maxKeysOf(value: string): number {
  if (/^\d{1,10}$/.test(value)) return Number(value);
  throw invalidArgument(`max-keys is ${value}; allowed is an integer between 0 and 2147483647`);
}

function userMetadata(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(USER_METADATA))
      .map(([name, value]) => [name.slice(USER_METADATA.length), value]),
  );
}

// One <Object> parses as an object, several as an array.
const objectSchema = z.strictObject({ Key: z.string() });
const deleteSchema = z.object({
  Delete: z.object({
    Object: z.union([objectSchema.transform((object) => [object]), z.array(objectSchema)]),
    Quiet: z.enum(["true", "false"]).optional(),
  }),
});

// Keys are text even where they look like numbers (`007`, `1e3`) or begin with a space.
const parser = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });

/** @throws {AwsError} MalformedXML. */
function parseXml(text: string): unknown {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformedXml(valid.err);
  return parser.parse(text);
}

function deleteList(body: Buffer): { Objects: { Key: string }[]; Quiet: boolean } {
  const parsed = deleteSchema.safeParse(parseXml(body.toString("utf8")));
  if (!parsed.success) throw malformedXml(parsed.error);
  return { Objects: parsed.data.Delete.Object, Quiet: parsed.data.Delete.Quiet === "true" };
}

const CHUNKED = "aws-chunked";
const STREAMING = "STREAMING-";

/**
 * The request with its plain body: the `aws-chunked` framing is removed, and checksums in the trailer become headers.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @throws {AwsError} IncompleteBody.
 * @throws {NotEmulatedError} for a checksum algorithm that is not emulated.
 */
function plainRequest(request: HttpRequest): HttpRequest {
  const payloadHash = request.headers["x-amz-content-sha256"] ?? "";
  const plain = payloadHash.startsWith(STREAMING) ? unchunked(request) : request;
  const unknown = ["crc32c", "crc64nvme"].find(
    (name) => plain.headers[`x-amz-checksum-${name}`] !== undefined,
  );
  if (unknown !== undefined) throw new NotEmulatedError(`The S3 checksum ${unknown.toUpperCase()}`);
  return plain;
}

function unchunked(request: HttpRequest): HttpRequest {
  const length = request.headers["x-amz-decoded-content-length"];
  const { body, trailers } = unchunk(request.body, length === undefined ? undefined : Number(length));
  const { "content-encoding": encoding = "", ...headers } = request.headers;
  const encodings = encoding.split(",").map((name) => name.trim());
  const kept = encodings.filter((name) => name !== CHUNKED && name !== "").join(",");
  return {
    ...request,
    body,
    headers: { ...headers, ...trailers, ...(kept === "" ? {} : { "content-encoding": kept }) },
  };
}

/** A body without its `aws-chunked` framing, and the trailing headers (names in lower case). */
interface UnchunkedBody {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = "\r\n";

/**
 * Removes the framing `aws-chunked`: `<hex size>[;chunk-signature=…]CRLF<bytes>CRLF … 0[;…]CRLF<trailers>CRLF`. Signatures of single
 * chunks are not checked, because the signature of the request already identifies the sender.
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
