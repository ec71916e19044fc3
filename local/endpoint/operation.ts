import type { ZodType } from "zod";
import * as z from "zod";

/** Who signs a call: a role of the program's graph, an AWS service acting for it, or the operator of the run. */
export interface Principal {
  /** ARN, as IAM errors print it: `arn:aws:sts::000000000000:assumed-role/NAME/SESSION`. */
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** ARN of the role whose policies decide; absent for the operator, who may do everything. */
  readonly roleArn?: string;
}

/** One thing that IAM must allow before an operation runs, e.g. `kinesis:PutRecords` on a stream's ARN. */
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
 * One operation of an AWS service, in a file named as AWS names it. `input` refuses what AWS refuses;
 * inputs and outputs have the shapes of the AWS SDK for JavaScript v3 (blobs as Uint8Array, times as Date).
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
  /** The service's own wire format; required of a `rest-xml` service, whose protocol has no generic codec. */
  readonly codec?: Codec;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Resource-based policy that guards `resource` (bucket policy, topic policy), where there is one. */
  readonly resourcePolicy?: (resource: string) => unknown;
}

/** Erases an operation's types, so that operations of different shapes fit one table. Safe: `input` is parsed before `run`. */
export function defineOperation<Input, Output>(operation: Operation<Input, Output>): Operation {
  return operation as unknown as Operation;
}

/**
 * The one door to the local services: validates the input, asks IAM, runs the operation. The HTTP endpoint and
 * in-process callers (event-source mappings, crawlers, schedules) go through it alike.
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
 * whose messages do not say which of their strings are blobs.
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

/** A request as it came in, whole: HTTP/1.1 and HTTP/2 look alike, header names are lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded as the client sent it. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A response to send. `content-length` is filled in by the endpoint unless the codec gives one (HEAD). */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** A request understood: which operation, with the input in the shape of the AWS SDK for JavaScript v3. */
export interface DecodedRequest {
  readonly operation: string;
  readonly input: unknown;
}

/** One wire protocol: between HTTP messages and the inputs, outputs and errors of operations. */
export interface Codec {
  /** Throws an {@link import("./error.ts").AwsError} for what the protocol cannot read. */
  decode(request: HttpRequest): DecodedRequest;
  encode(operation: string, output: unknown, requestId: string): HttpResponse;
  /** Any error; one that is no AwsError is answered as the service's internal failure. */
  encodeError(error: Error, requestId: string): HttpResponse;
}
