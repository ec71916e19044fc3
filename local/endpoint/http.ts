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
