import { UserError } from "../../lib/user-error.ts";

/** Errors of S3, Lambda and Glue about a resource that was deleted outside Pulumi. */
const GONE = ["NoSuchBucket", "ResourceNotFoundException", "EntityNotFoundException"];

/** What the SDK throws when a service refuses a call. */
interface ServiceError extends Error {
  readonly $fault: "client" | "server";
}

/**
 * Awaits calls of an AWS service. What the user can put right (credentials, permissions, names that are gone, the
 * network) becomes a {@link UserError} of one line; any other error is thrown as it is.
 */
export async function explained<Value>(service: string, calls: Promise<Value>): Promise<Value> {
  try {
    return await calls;
  } catch (cause) {
    const explanation = explanationOf(service, cause);
    if (explanation === undefined) throw cause;
    throw new UserError(explanation, { cause });
  }
}

function explanationOf(service: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (GONE.includes(error.name)) {
    return `${service} says ${error.name}: ${error.message}; it is in the stack's state: run pulumi up --refresh`;
  }
  if (isServiceError(error)) return `${service} says ${error.name}: ${error.message}`;
  if (error.name === "CredentialsProviderError") {
    return `there are no AWS credentials in this shell (${error.message}): set AWS_PROFILE, or log in`;
  }
  if (error.message === "Region is missing") {
    return "neither the stack's config (aws:region) nor this shell (AWS_REGION) names a region";
  }
  const code = String(Reflect.get(error, "code"));
  return /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)$/.test(code)
    ? `${service} cannot be reached: ${error.message || code}`
    : undefined;
}

function isServiceError(error: Error): error is ServiceError {
  return "$fault" in error;
}
