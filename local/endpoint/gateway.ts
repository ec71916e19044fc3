import { randomUUID } from "node:crypto";
import type { ZodError } from "zod";
import type { Authorizer } from "../iam/authorizer.ts";
import { AwsError, NotEmulatedError } from "./error.ts";
import type { Gateway, Operation, Permission, Principal, Service } from "./operation.ts";

/** A call that IAM refused. */
export interface Denial {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** True when a statement with `Effect: Deny` matched, false when nothing allowed the call. */
  readonly explicit: boolean;
}

/** A call that went through: who, what, and both sides of it in the SDK's shapes. */
export interface Call {
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** The in-process door, with what went through it. */
export interface LocalGateway extends Gateway {
  /** Adds services made after the gateway (those that call others through it). A signing name is taken once. */
  register(...services: readonly Service[]): void;
  service(signingName: string): Service | undefined;
  readonly denials: readonly Denial[];
  /** Permissions that roles really used: `${roleArn} ${action} ${resource}`. */
  readonly allowed: ReadonlySet<string>;
  /** Services and operations that were asked for and are not here, by name. */
  readonly notEmulated: ReadonlySet<string>;
  /** Operations that broke instead of answering, a defect of the local run: `service:operation: message`. */
  readonly crashes: readonly string[];
  /** Told of every call that went through. */
  observe(observer: (call: Call) => void): void;
}

/** Creates the door: `call` validates the input, asks IAM for every permission of the operation, then runs it. */
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
        // The operation's own declared output; the table has erased it.
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

function deniedCode(service: string, action: string): string {
  const code = action.startsWith("kms:") ? KMS_DENIED_CODES[service] : undefined;
  return code ?? DENIED_CODES[service] ?? "AccessDeniedException";
}

/** The input as the operation reads it; throws the service's own error, naming every field that is wrong. */
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
