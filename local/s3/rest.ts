import { AwsError } from "../endpoint/error.ts";
import type { Codec, HttpResponse } from "../endpoint/http.ts";
import { decodeRequest } from "./rest-decode.ts";
import { encodeOutput } from "./rest-encode.ts";
import { buildXml } from "./xml.ts";

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
