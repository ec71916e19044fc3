import type { ZodType } from "zod";
import * as z from "zod";

/** The signer of a call: a role of the program, an AWS service that acts with a role, or the operator of the run. */
export interface Principal {
  /** ARN, as IAM errors print it: `arn:aws:sts::000000000000:assumed-role/NAME/SESSION`. */
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** ARN of the role whose policies decide; absent for the operator, who may do everything. */
  readonly roleArn?: string;
}

/** A permission that IAM must grant before an operation runs, e.g. `kinesis:PutRecords` on a stream's ARN. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the service that this request carries, e.g. `s3:prefix`. */
  readonly conditions?: Readonly<Record<string, string>>;
}

interface CallContext {
  readonly principal: Principal;
  readonly requestId: string;
}

/**
 * One operation of an AWS service. `input` rejects what AWS rejects. Inputs and outputs have the shapes of the AWS SDK for
 * JavaScript v3 (blobs as Uint8Array, times as Date).
 */
export interface Operation<Input = unknown, Output = unknown> {
  readonly input: ZodType<Input>;
  readonly permissions: (input: Input) => readonly Permission[];
  readonly run: (input: Input, context: CallContext) => Output | Promise<Output>;
}

/** The wire protocols the local services speak: AWS JSON 1.1, AWS Query and S3's REST XML. */
type Protocol = "json" | "query" | "rest-xml";

export interface Service {
  /** The service name of a signature's credential scope: `kinesis`, `s3`, `sns`, … */
  readonly signingName: string;
  readonly protocol: Protocol;
  /** The wire format of the service; required for `rest-xml`, which has no generic codec. */
  readonly codec?: Codec;
  readonly operations: Readonly<Record<string, Operation>>;
  /** The resource-based policy of `resource`, such as a bucket or topic policy, if it has one. */
  readonly resourcePolicy?: (resource: string) => unknown;
}

/** Erases an operation's types, so that operations of different shapes fit one table. Safe: `input` is parsed before `run`. */
export function defineOperation<Input, Output>(operation: Operation<Input, Output>): Operation {
  return operation as unknown as Operation;
}

/**
 * Calls an operation of a local service: validates the input, checks permissions with IAM, and runs it. The HTTP endpoint
 * and in-process callers (event-source mappings, crawlers, schedules) use the same gateway.
 */
export interface Gateway {
  call<Output = unknown>(
    principal: Principal,
    service: string,
    operation: string,
    input: unknown,
  ): Promise<Output>;
}

/**
 * A blob of an operation's input: bytes when called in-process, base64 text when it came over JSON or Query,
 * whose messages do not distinguish blobs from strings.
 */
export function blob() {
  return z.union([
    z.instanceof(Uint8Array),
    z.base64({ error: "Member must be base64" }).transform((text): Uint8Array => Buffer.from(text, "base64")),
  ]);
}

/** A time of an operation's input: a Date in-process, epoch seconds over JSON, ISO 8601 over Query. */
export function timestamp() {
  return z.union([
    z.date(),
    z.number().transform((epochSeconds) => new Date(epochSeconds * 1000)),
    z.iso.datetime().transform((text) => new Date(text)),
  ]);
}

/** A complete request of HTTP/1.1 or HTTP/2, with header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded as the client sent it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A response. The endpoint adds `content-length` unless the codec sets it (HEAD). */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** The operation of a request, with its input in the shape of the AWS SDK for JavaScript v3. */
export interface DecodedRequest {
  readonly operation: string;
  readonly input: unknown;
}

/** A wire protocol, which translates between HTTP messages and the inputs, outputs and errors of operations. */
export interface Codec {
  /** Throws an {@link import("./error.ts").AwsError} for what the protocol cannot read. */
  decode(request: HttpRequest): DecodedRequest;
  encode(operation: string, output: unknown, requestId: string): HttpResponse;
  /** Encodes any error; one that is not an AwsError becomes an internal failure of the service. */
  encodeError(error: Error, requestId: string): HttpResponse;
}
