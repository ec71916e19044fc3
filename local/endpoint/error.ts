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

/** Thrown when a program or a client uses a feature of AWS that is not emulated. Never caught silently. */
export class NotEmulatedError extends AwsError {
  /** The resource that uses the feature, if it is known; the rest of the program can run without it. */
  urn: string | undefined;
  readonly what: string;

  constructor(what: string, urn?: string) {
    super("NotEmulated", `${what} is not emulated by the local run`, { statusCode: 501 });
    this.urn = urn;
    this.what = what;
  }
}

/** Reads one resource, and attributes a NotEmulatedError to it. */
export function ofResource<Result>(urn: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotEmulatedError) error.urn ??= urn;
    throw error;
  }
}
