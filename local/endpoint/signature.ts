import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { AwsError } from "./error.ts";
import type { HttpRequest, Principal } from "./operation.ts";

/** The content of the Authorization header of a Signature Version 4 request. */
interface Authorization {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name of the service, e.g. `kinesis`. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the header; throws MissingAuthenticationToken or IncompleteSignature. Presigned URLs are not emulated. */
export function parseAuthorization(request: HttpRequest): Authorization {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Missing Authentication Token", { statusCode: 403 });
  }
  const [, accessKeyId, , region, service, signedHeaders, signature] = AUTHORIZATION.exec(header) ?? [];
  if (!accessKeyId || !region || !service || !signedHeaders || !signature) {
    throw new AwsError("IncompleteSignature", "Authorization is not a complete AWS4-HMAC-SHA256 header", {
      statusCode: 403,
    });
  }
  return { accessKeyId, region, service, signedHeaders: signedHeaders.split(";"), signature };
}

/**
 * Throws SignatureDoesNotMatch unless `principal` signed this request. The age of a signature is not checked:
 * clients sign with the clock of the machine, while services use the virtual clock of the run.
 */
export async function verifySignature(
  request: HttpRequest,
  authorization: Authorization,
  principal: Principal,
): Promise<void> {
  verifyPayloadHash(request);
  const expected = await signatureOf(request, authorization, principal);
  if (timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) return;
  throw new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.",
    { statusCode: 403 },
  );
}

async function signatureOf(request: HttpRequest, authorization: Authorization, principal: Principal) {
  const { accessKeyId, secretAccessKey } = principal;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region: authorization.region,
    service: authorization.service,
    sha256: Sha256,
    // S3 signs the path as it is sent; every other service encodes it once more.
    uriEscapePath: authorization.service !== "s3",
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: "http:",
      hostname: request.headers.host ?? "",
      path: request.path,
      query: queryRecord(request.query),
      headers: pick(request.headers, authorization.signedHeaders),
      body: request.body,
    },
    {
      signingDate: signingDate(request),
      signableHeaders: new Set(authorization.signedHeaders),
    },
  );
  return signed.headers.authorization?.split("Signature=")[1] ?? "";
}

function verifyPayloadHash(request: HttpRequest): void {
  const claimed = request.headers["x-amz-content-sha256"];
  if (claimed === undefined || !/^[0-9a-f]{64}$/.test(claimed)) return;
  if (createHash("sha256").update(request.body).digest("hex") === claimed) return;
  throw new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function signingDate(request: HttpRequest): Date {
  const stamp = request.headers["x-amz-date"] ?? "";
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(stamp) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) {
    throw new AwsError("IncompleteSignature", `X-Amz-Date "${stamp}" is not of the form YYYYMMDDTHHMMSSZ`, {
      statusCode: 403,
    });
  }
  return date;
}

function queryRecord(query: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
}

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, headers[name] ?? ""]));
}

/** The hash for SignatureV4, implemented with node:crypto; with a secret it is an HMAC. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): never {
    throw new Error("a hash of node:crypto can be used only once");
  }
}

function bytesOf(source: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof source === "string") return Buffer.from(source);
  if (ArrayBuffer.isView(source)) return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return Buffer.from(source);
}
