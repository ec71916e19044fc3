import { GlueServiceException } from "@aws-sdk/client-glue";
import { S3ServiceException } from "@aws-sdk/client-s3";
import { UserError } from "../../lib/user-error.ts";
import type { Deployment } from "./deployment.ts";

/** Turns what AWS refuses into a {@link UserError} that says what to do; anything else is thrown as it is. */
export async function explained<Value>(
  request: Promise<Value>,
  { job, stack }: Pick<Deployment, "job" | "stack">,
): Promise<Value> {
  try {
    return await request;
  } catch (cause) {
    const explanation = explanationOf(cause, job, stack);
    if (explanation === undefined) throw cause;
    throw new UserError(explanation, { cause });
  }
}

function explanationOf(error: unknown, job: string, stack: string): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "ConcurrentRunsExceededException") {
    return `job ${job} is running already: wait for it, one run at a time keeps the days whole`;
  }
  if (["EntityNotFoundException", "NoSuchBucket", "NoSuchKey"].includes(error.name)) {
    return `${error.message}, though the stack's state names it: run pulumi up --refresh --stack ${stack}`;
  }
  if (error instanceof GlueServiceException) return `Glue says ${error.name}: ${error.message}`;
  if (error instanceof S3ServiceException) return `S3 says ${error.name}: ${error.message}`;
  if (error.name === "CredentialsProviderError") {
    return `there are no AWS credentials in this shell (${error.message}): set AWS_PROFILE, or log in`;
  }
  const code = String(Reflect.get(error, "code"));
  return /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)$/.test(code)
    ? `AWS cannot be reached: ${error.message || code}`
    : undefined;
}
