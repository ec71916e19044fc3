import { NotEmulatedError } from "../endpoint/error.ts";
import type { HttpRequest } from "../endpoint/operation.ts";

/** The query parameters and headers of an operation, and the input fields that they become. */
interface RestOperation {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

const CHECKSUM_HEADERS = {
  "x-amz-checksum-crc32": "ChecksumCRC32",
  "x-amz-checksum-sha1": "ChecksumSHA1",
  "x-amz-checksum-sha256": "ChecksumSHA256",
};

const READ_HEADERS = {
  "if-match": "IfMatch",
  "if-none-match": "IfNoneMatch",
  "x-amz-checksum-mode": "ChecksumMode",
};

export const REST_OPERATIONS: Readonly<Record<string, RestOperation>> = {
  CopyObject: { query: {}, headers: { "x-amz-copy-source": "CopySource" } },
  DeleteObject: { query: {}, headers: { "if-match": "IfMatch" } },
  DeleteObjects: { query: { delete: "" }, headers: {} },
  GetBucketLocation: { query: { location: "" }, headers: {} },
  GetObject: { query: {}, headers: { ...READ_HEADERS, range: "Range" } },
  HeadBucket: { query: {}, headers: {} },
  HeadObject: { query: {}, headers: READ_HEADERS },
  ListObjectsV2: {
    query: {
      "list-type": "",
      "continuation-token": "ContinuationToken",
      delimiter: "Delimiter",
      "encoding-type": "EncodingType",
      "max-keys": "MaxKeys",
      prefix: "Prefix",
      "start-after": "StartAfter",
    },
    headers: {},
  },
  PutObject: {
    query: {},
    headers: {
      ...CHECKSUM_HEADERS,
      "cache-control": "CacheControl",
      "content-disposition": "ContentDisposition",
      "content-encoding": "ContentEncoding",
      "content-language": "ContentLanguage",
      "content-md5": "ContentMD5",
      "content-type": "ContentType",
      "if-match": "IfMatch",
      "if-none-match": "IfNoneMatch",
      "x-amz-server-side-encryption": "ServerSideEncryption",
      "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    },
  },
};

/** `x-amz-` headers of signing, framing and checksums, which the codec reads or ignores. */
const PROTOCOL_HEADERS: ReadonlySet<string> = new Set([
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-decoded-content-length",
  "x-amz-security-token",
  "x-amz-sdk-checksum-algorithm",
  "x-amz-trailer",
  "x-amz-user-agent",
  ...Object.keys(CHECKSUM_HEADERS),
]);

/** Preconditions by date. They are rejected, because ignoring one would overwrite or return the wrong object. */
const REJECTED_HEADERS: ReadonlySet<string> = new Set(["if-modified-since", "if-unmodified-since"]);

/** SDKs name the operation in `x-id`. */
const IGNORED_QUERY: ReadonlySet<string> = new Set(["x-id"]);

/** @throws {NotEmulatedError} for a request that does not match an emulated operation. */
export function operationOf(request: HttpRequest, hasKey: boolean): string {
  const { method, query, headers } = request;
  if (hasKey) {
    if (method === "PUT") return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
    if (method === "GET") return "GetObject";
    if (method === "HEAD") return "HeadObject";
    if (method === "DELETE") return "DeleteObject";
  } else {
    if (method === "HEAD") return "HeadBucket";
    if (method === "GET" && query.get("list-type") === "2") return "ListObjectsV2";
    if (method === "GET" && query.has("location")) return "GetBucketLocation";
    if (method === "POST" && query.has("delete")) return "DeleteObjects";
  }
  throw new NotEmulatedError(`S3 ${method} ${request.path}?${query}`);
}

/** @throws {NotEmulatedError} naming a query parameter or header that is not emulated. */
export function rejectUnknown(operation: string, { query, headers }: HttpRequest): void {
  const known = REST_OPERATIONS[operation];
  const parameter = [...query.keys()].find(
    (name) => !IGNORED_QUERY.has(name) && known?.query[name] === undefined,
  );
  if (parameter !== undefined)
    throw new NotEmulatedError(`S3 ${operation} with the query parameter ${parameter}`);
  const header = Object.keys(headers).find(
    (name) =>
      known?.headers[name] === undefined &&
      (REJECTED_HEADERS.has(name) ||
        (name.startsWith("x-amz-") && !name.startsWith("x-amz-meta-") && !PROTOCOL_HEADERS.has(name))),
  );
  if (header !== undefined) throw new NotEmulatedError(`S3 ${operation} with the header ${header}`);
}
