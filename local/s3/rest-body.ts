import { NotEmulatedError } from "../endpoint/error.ts";
import type { HttpRequest } from "../endpoint/http.ts";
import { unchunk } from "./aws-chunked.ts";

const CHUNKED = "aws-chunked";
const STREAMING = "STREAMING-";

/**
 * The request with its body as the client meant it: `aws-chunked` framing undone, checksums of the trailer among
 * the headers. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @throws {AwsError} IncompleteBody.
 * @throws {NotEmulatedError} for a checksum algorithm that is not computed here.
 */
export function plainRequest(request: HttpRequest): HttpRequest {
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
