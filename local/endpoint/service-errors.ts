import type { ZodError } from "zod";
import { AwsError } from "./error.ts";
import type { Operation } from "./operation.ts";

/**
 * The code by which a service refuses an input, where it is not the common ValidationException.
 * From the errors of each API's reference, e.g. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
const INVALID_INPUT_CODES: Readonly<Record<string, string>> = {
  athena: "InvalidRequestException",
  glue: "InvalidInputException",
  s3: "InvalidArgument",
  sns: "InvalidParameter",
};

/** The code by which a service says that IAM denied a call, where it is not AccessDeniedException. */
const DENIED_CODES: Readonly<Record<string, string>> = {
  s3: "AccessDenied",
  sns: "AuthorizationError",
};

/** The same for a denied `kms:` action: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html#API_PutRecord_Errors */
const KMS_DENIED_CODES: Readonly<Record<string, string>> = {
  kinesis: "KMSAccessDeniedException",
  sns: "KMSAccessDenied",
};

/** An offending value is quoted up to this many characters: a request may be megabytes long. */
const QUOTED_CHARACTERS = 100;

export function deniedCode(service: string, action: string): string {
  const code = action.startsWith("kms:") ? KMS_DENIED_CODES[service] : undefined;
  return code ?? DENIED_CODES[service] ?? "AccessDeniedException";
}

/** The input as the operation reads it; throws the service's own error, naming every field that is wrong. */
export function parseInput<Input>(service: string, operation: Operation<Input>, input: unknown): Input {
  const result = operation.input.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const code = INVALID_INPUT_CODES[service] ?? "ValidationException";
  throw new AwsError(code, describe(result.error), { cause: result.error });
}

function describe({ issues }: ZodError): string {
  const count = `${issues.length} validation error${issues.length === 1 ? "" : "s"} detected`;
  return `${count}: ${issues.map(describeIssue).join("; ")}`;
}

function describeIssue(issue: ZodError["issues"][number]): string {
  const value =
    typeof issue.input === "string" || typeof issue.input === "number"
      ? ` '${String(issue.input).slice(0, QUOTED_CHARACTERS)}'`
      : "";
  return `Value${value} at '${fieldPath(issue.path)}' failed to satisfy constraint: ${issue.message}`;
}

/** AWS's notation: `Records[2].PartitionKey` is `records.3.member.partitionKey`. */
function fieldPath(path: readonly PropertyKey[]): string {
  const steps = path.map((step) =>
    typeof step === "number"
      ? `${step + 1}.member`
      : String(step).replace(/^./, (first) => first.toLowerCase()),
  );
  return steps.join(".");
}
