/** Base of what a weather source can fail with. Messages never carry the API key. */
export class SourceError extends Error {
  override readonly name: string = "SourceError";
  /** HTTP status, or the one that the body of a 2xx answer amounts to; absent when there was no answer. */
  readonly status?: number;

  constructor(message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (options.status !== undefined) this.status = options.status;
  }
}

/** Thrown on 401 and 403: the API key is missing, wrong, or not allowed what was asked. */
export class AuthenticationError extends SourceError {
  override readonly name = "AuthenticationError";
}

/** Thrown on 429, when waiting did not help or would take longer than we wait. */
export class QuotaError extends SourceError {
  override readonly name = "QuotaError";
}

/** Thrown on any other answer but 2xx, 408 and 5xx: the request is wrong, and would be again. */
export class BadRequestError extends SourceError {
  override readonly name = "BadRequestError";
}

/** Thrown on 408, 5xx, 2xx without weather, timeouts and network errors, after the retries. */
export class UnavailableError extends SourceError {
  override readonly name = "UnavailableError";
}

/** The error class of an HTTP status. */
export function errorOfStatus(status: number, message: string): SourceError {
  if (status === 401 || status === 403) return new AuthenticationError(message, { status });
  if (status === 429) return new QuotaError(message, { status });
  return status === 408 || status >= 500
    ? new UnavailableError(message, { status })
    : new BadRequestError(message, { status });
}
