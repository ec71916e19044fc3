import { XMLBuilder } from "fast-xml-parser";
import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import type { Codec, HttpResponse } from "../endpoint/operation.ts";
import { decodeRequest } from "./rest-decode.ts";

/**
 * S3's REST protocol with path-style addresses (`/bucket/key`).
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAPI.html
 */
export function createRestCodec(): Codec {
  return { decode: decodeRequest, encode: encodeOutput, encodeError };
}

function encodeError(error: Error, requestId: string): HttpResponse {
  const { code, statusCode } = error instanceof AwsError ? error : { code: "InternalError", statusCode: 500 };
  const headers = { "x-amz-request-id": requestId };
  // https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5: a 304 has no content.
  if (statusCode === 304) return { statusCode, headers, body: "" };
  return {
    statusCode,
    headers: { ...headers, "content-type": "application/xml" },
    body: buildXml("Error", { Code: code, Message: error.message, RequestId: requestId }),
  };
}

/** Output fields that become headers. */
const HEADER_FIELDS: Readonly<Record<string, string>> = {
  AcceptRanges: "accept-ranges",
  BucketRegion: "x-amz-bucket-region",
  CacheControl: "cache-control",
  ChecksumCRC32: "x-amz-checksum-crc32",
  ChecksumSHA1: "x-amz-checksum-sha1",
  ChecksumSHA256: "x-amz-checksum-sha256",
  ChecksumType: "x-amz-checksum-type",
  ContentDisposition: "content-disposition",
  ContentEncoding: "content-encoding",
  ContentLanguage: "content-language",
  ContentLength: "content-length",
  ContentRange: "content-range",
  ContentType: "content-type",
  ETag: "etag",
  LastModified: "last-modified",
  SSEKMSKeyId: "x-amz-server-side-encryption-aws-kms-key-id",
  ServerSideEncryption: "x-amz-server-side-encryption",
};

/** Root elements of operations with an XML response. */
const XML_ROOTS: Readonly<Record<string, string>> = {
  CopyObject: "CopyObjectResult",
  DeleteObjects: "DeleteResult",
  GetBucketLocation: "LocationConstraint",
  ListObjectsV2: "ListBucketResult",
};

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const outputSchema = z.looseObject({
  Body: z.instanceof(Uint8Array).optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
});

function encodeOutput(operation: string, output: unknown, requestId: string): HttpResponse {
  const fields = outputSchema.parse(output);
  const headers = {
    "x-amz-request-id": requestId,
    ...headersOf(fields),
    ...metadataHeaders(fields.Metadata),
  };
  const root = XML_ROOTS[operation];
  if (root !== undefined) {
    const body = buildXml(root, { "@_xmlns": NAMESPACE, ...xmlContent(operation, fields) });
    return { statusCode: 200, headers: { ...headers, "content-type": "application/xml" }, body };
  }
  if (operation === "DeleteObject") return { statusCode: 204, headers, body: "" };
  const body = fields.Body === undefined ? "" : Buffer.from(fields.Body);
  return { statusCode: fields.ContentRange === undefined ? 200 : 206, headers, body };
}

function headersOf(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(HEADER_FIELDS).flatMap(([field, header]) => {
      const value = fields[field];
      if (value === undefined) return [];
      return [[header, value instanceof Date ? value.toUTCString() : String(value)]];
    }),
  );
}

function metadataHeaders(metadata: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

function xmlContent(operation: string, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (operation === "CopyObject") return { ...(fields.CopyObjectResult as object) };
  if (operation === "GetBucketLocation") return { "#text": fields.LocationConstraint };
  if (operation === "DeleteObjects") return { Deleted: fields.Deleted, Error: fields.Errors };
  return fields.EncodingType === "url" ? urlEncoded(fields) : { ...fields };
}

/** Clients ask for `encoding-type=url` since XML cannot carry every key. */
function urlEncoded(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = new Set(["Delimiter", "Key", "Prefix", "StartAfter"]);
  return JSON.parse(
    JSON.stringify(fields, (name, value) =>
      names.has(name) && typeof value === "string" ? encodeURIComponent(value).replaceAll("%2F", "/") : value,
    ),
  );
}

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

/** An XML document. Undefined fields are omitted, and an array repeats its element. */
function buildXml(root: string, content: Readonly<Record<string, unknown>>): string {
  const defined = JSON.parse(JSON.stringify(content));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: defined })}`;
}
