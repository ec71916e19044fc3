import { AwsError } from "./error.ts";
import type { Codec, HttpRequest, HttpResponse } from "./operation.ts";

const CONTENT_TYPE = "application/x-amz-json-1.1";

/** AWS JSON 1.1: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export const jsonCodec: Codec = {
  decode(request) {
    return { operation: targetOperation(request), input: parseBody(request.body) };
  },
  encode(_operation, output, requestId) {
    return respond(200, requestId, output ?? {});
  },
  encodeError(error, requestId) {
    if (!(error instanceof AwsError)) {
      return respond(500, requestId, { __type: "InternalFailure", message: error.message });
    }
    return respond(error.statusCode, requestId, { __type: error.code, message: error.message });
  },
};

function targetOperation(request: HttpRequest): string {
  const target = request.headers["x-amz-target"] ?? "";
  const operation = target.split(".").at(-1) ?? "";
  if (operation === "") {
    throw new AwsError("UnknownOperationException", `X-Amz-Target "${target}" names no operation`);
  }
  return operation;
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new AwsError("SerializationException", "The request's body is not JSON", { cause });
  }
}

function respond(statusCode: number, requestId: string, content: unknown): HttpResponse {
  return {
    statusCode,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-requestid": requestId },
    body: JSON.stringify(toWire(content)),
  };
}

/** Blobs become base64 and times epoch seconds. Done before JSON.stringify, which would call Date's own toJSON first. */
function toWire(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toWire(member)]));
  }
  return value;
}
