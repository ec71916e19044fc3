import { randomUUID } from "node:crypto";
import type { ZodError } from "zod";
import type { Authorizer } from "../iam/authorizer.ts";
import { AwsError, NotEmulatedError } from "./error.ts";
import type { Gateway, Operation, Permission, Principal, Service } from "./operation.ts";

/** A call that IAM denied. */
export interface Denial {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** True when a statement with `Effect: Deny` matched, false when nothing allowed the call. */
  readonly explicit: boolean;
}

/** A call that succeeded, with its input and output in the shapes of the SDK. */
export interface Call {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** The gateway of a run, with a record of its calls. */
export interface LocalGateway extends Gateway {
  /** Adds services that are created after the gateway because they call others through it. Signing names are unique. */
  register(...services: readonly Service[]): void;
  service(signingName: string): Service | undefined;
  readonly denials: readonly Denial[];
  /** Permissions that roles used: `${roleArn} ${action} ${resource}`. */
  readonly allowed: ReadonlySet<string>;
  /** Names of the services and operations that were called and are not emulated. */
  readonly notEmulated: ReadonlySet<string>;
  /** Operations that crashed, which is a defect of the local run: `service:operation: message`. */
  readonly crashes: readonly string[];
  /** Calls the observer after every successful call. */
  observe(observer: (call: Call) => void): void;
}

/** Creates the gateway. `call` validates the input, checks every permission of the operation with IAM, then runs it. */
export function createGateway({
  services,
  authorizer,
}: {
  services: readonly Service[];
  authorizer: Authorizer;
}): LocalGateway {
  const table = new Map<string, Service>();
  const denials: Denial[] = [];
  const allowed = new Set<string>();
  const notEmulated = new Set<string>();
  const crashes: string[] = [];
  const observers: ((call: Call) => void)[] = [];

  function register(...added: readonly Service[]): void {
    for (const service of added) {
      if (table.has(service.signingName))
        throw new Error(`service "${service.signingName}" is registered twice`);
      table.set(service.signingName, service);
    }
  }

  function find(serviceName: string, operationName: string): { service: Service; operation: Operation } {
    const service = table.get(serviceName);
    const operations = service?.operations ?? {};
    const operation = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
    if (service === undefined || operation === undefined) {
      throw new NotEmulatedError(
        service === undefined ? `service ${serviceName}` : `${serviceName}:${operationName}`,
      );
    }
    return { service, operation };
  }

  function authorize(principal: Principal, service: Service, permission: Permission): void {
    const decision = authorizer.decide(principal, permission, {
      service: service.signingName,
      resourcePolicy: service.resourcePolicy?.(permission.resource),
    });
    if (decision.allowed) {
      if (principal.roleArn !== undefined) {
        allowed.add(`${principal.roleArn} ${permission.action} ${permission.resource}`);
      }
      return;
    }
    denials.push({ principal: principal.arn, ...permission, explicit: decision.explicit });
    throw denied(principal, service, permission, decision.explicit);
  }

  async function call(principal: Principal, serviceName: string, operationName: string, input: unknown) {
    const { service, operation } = find(serviceName, operationName);
    const parsed = parseInput(service.signingName, operation, input);
    for (const permission of operation.permissions(parsed)) authorize(principal, service, permission);
    const output = await operation.run(parsed, { principal, requestId: randomUUID() });
    for (const observer of observers)
      observer({ principal, service: serviceName, operation: operationName, input: parsed, output });
    return output;
  }

  register(...services);
  return {
    register,
    service: (signingName) => table.get(signingName),
    denials,
    allowed,
    notEmulated,
    crashes,
    observe: (observer) => void observers.push(observer),
    async call<Output>(principal: Principal, service: string, operation: string, input: unknown) {
      try {
        // The table of operations erases their output types.
        return (await call(principal, service, operation, input)) as Output;
      } catch (error) {
        if (error instanceof NotEmulatedError) notEmulated.add(error.message);
        else if (!(error instanceof AwsError)) crashes.push(`${service}:${operation}: ${String(error)}`);
        throw error;
      }
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function denied(principal: Principal, service: Service, { action, resource }: Permission, explicit: boolean) {
  const reason = explicit
    ? "with an explicit deny in an identity-based or resource-based policy"
    : `because no identity-based policy allows the ${action} action`;
  return new AwsError(
    deniedCode(service.signingName, action),
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
    { statusCode: service.protocol === "json" ? 400 : 403 },
  );
}

/**
 * The error codes of invalid input for services that do not use ValidationException.
 * From the errors of each API's reference, e.g. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
const INVALID_INPUT_CODES: Readonly<Record<string, string>> = {
  athena: "InvalidRequestException",
  glue: "InvalidInputException",
  s3: "InvalidArgument",
  sns: "InvalidParameter",
};

/** The error codes of a denied call for services that do not use AccessDeniedException. */
const DENIED_CODES: Readonly<Record<string, string>> = {
  s3: "AccessDenied",
  sns: "AuthorizationError",
};

/** The same for a denied `kms:` action: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html#API_PutRecord_Errors */
const KMS_DENIED_CODES: Readonly<Record<string, string>> = {
  kinesis: "KMSAccessDeniedException",
  sns: "KMSAccessDenied",
};

/** Longest excerpt of a rejected value in a message, because a request may be megabytes long. */
const QUOTED_CHARACTERS = 100;

function deniedCode(service: string, action: string): string {
  const code = action.startsWith("kms:") ? KMS_DENIED_CODES[service] : undefined;
  return code ?? DENIED_CODES[service] ?? "AccessDeniedException";
}

/** Parses the input of an operation. Throws the error of the service, naming every invalid field. */
function parseInput<Input>(service: string, operation: Operation<Input>, input: unknown): Input {
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
