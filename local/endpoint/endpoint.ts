import { randomUUID } from "node:crypto";
import type { Authorizer } from "../iam/authorizer.ts";
import type { Identities } from "../iam/identities.ts";
import { AwsError, NotEmulatedError } from "./error.ts";
import { createGateway, type LocalGateway } from "./gateway.ts";
import { jsonCodec } from "./json-codec.ts";
import type { Codec, HttpRequest, HttpResponse, Principal, Service } from "./operation.ts";
import { createQueryCodec } from "./query-codec.ts";
import { startServer } from "./server.ts";
import { parseAuthorization, verifySignature } from "./signature.ts";

export interface Endpoint {
  /** The value of `AWS_ENDPOINT_URL`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly gateway: LocalGateway;
  stop(): Promise<void>;
}

/**
 * Starts the AWS endpoint on a loopback port. The signature of a call is verified, its credential scope selects the
 * service, and the gateway runs it. Services that need the gateway themselves are added later with `gateway.register`.
 */
export async function startEndpoint({
  services,
  identities,
  authorizer,
}: {
  services: readonly Service[];
  identities: Identities;
  authorizer: Authorizer;
}): Promise<Endpoint> {
  const gateway = createGateway({ services, authorizer });
  const server = await startServer((request) => handle(request, gateway, identities));
  return { url: server.url, gateway, stop: server.stop };
}

async function handle(
  request: HttpRequest,
  gateway: LocalGateway,
  identities: Identities,
): Promise<HttpResponse> {
  const requestId = randomUUID();
  let codec = guessCodec(request);
  try {
    const authorization = parseAuthorization(request);
    const service = gateway.service(authorization.service);
    if (service !== undefined) codec = codecOf(service);
    const principal = authenticate(authorization.accessKeyId, identities, service);
    await verifySignature(request, authorization, principal);
    const decoded = service === undefined ? { operation: "", input: {} } : codec.decode(request);
    const output = await gateway.call(principal, authorization.service, decoded.operation, decoded.input);
    return codec.encode(decoded.operation, output, requestId);
  } catch (error) {
    return codec.encodeError(error instanceof Error ? error : new Error(String(error)), requestId);
  }
}

/** JSON services answer UnrecognizedClientException, older protocols InvalidClientTokenId. */
function authenticate(accessKeyId: string, identities: Identities, service: Service | undefined): Principal {
  const principal = identities.byAccessKeyId(accessKeyId);
  if (principal !== undefined) return principal;
  const codes = {
    json: "UnrecognizedClientException",
    query: "InvalidClientTokenId",
    "rest-xml": "InvalidAccessKeyId",
  };
  throw new AwsError(
    codes[service?.protocol ?? "json"],
    "The security token included in the request is invalid.",
    { statusCode: 403 },
  );
}

function codecOf(service: Service): Codec {
  if (service.codec !== undefined) return service.codec;
  if (service.protocol === "json") return jsonCodec;
  throw new NotEmulatedError(
    `service ${service.signingName} without a codec of its own (${service.protocol})`,
  );
}

/** The codec for a request to an unknown service: XML for a form, JSON otherwise. */
function guessCodec(request: HttpRequest): Codec {
  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false;
  return isForm
    ? createQueryCodec({ namespace: "http://webservices.amazon.com/AWSFault/2005-15-09" })
    : jsonCodec;
}
