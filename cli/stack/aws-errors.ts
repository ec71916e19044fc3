import { UserError } from "../../lib/user-error.ts";

/** What the SDK throws when a service refuses a call. */
interface ServiceError extends Error {
  readonly $fault: "client" | "server";
}

/**
 * Awaits calls of an AWS service; what the person at the keyboard can put right (credentials, permissions, names that
 * are gone, the network) becomes one line. Throws {@link UserError} for it, other errors as they are.
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
