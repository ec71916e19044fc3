/**
 * An error as AWS answers it: the type name and message that an SDK client of the service sees.
 * Thrown by operations of the local services; the endpoint encodes it in the service's protocol.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;

  constructor(code: string, message: string, options: { statusCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = code;
    this.code = code;
    this.statusCode = options.statusCode ?? 400;
  }
}

/** Thrown when a program or a client uses something of AWS that the local run does not have. Never caught silently. */
export class NotEmulatedError extends AwsError {
  /** The resource without which the rest of the program can run, where it is known. */
  readonly urn: string | undefined;

  constructor(what: string, urn?: string) {
    super("NotEmulated", `${what} is not emulated by the local run`, { statusCode: 501 });
    this.urn = urn;
  }
}
