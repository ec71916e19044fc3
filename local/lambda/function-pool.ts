import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../endpoint/error.ts";
import type { Principal } from "../endpoint/operation.ts";
import { deterministicUuid } from "../events/event.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";
import type { FunctionLog } from "./function-log.ts";
import { createSandbox, type FunctionError, type Sandbox } from "./sandbox.ts";

/** The result of an invocation. The payload is JSON text of the answer or of the error. */
export interface InvocationResult {
  readonly requestId: string;
  readonly payload: string;
  readonly functionError?: FunctionError;
}

/** The execution environments of one function. Warm ones are reused, and parallel load starts more. */
export interface FunctionPool {
  /**
   * @throws AwsError TooManyRequestsException above the reserved concurrency, RequestEntityTooLargeException for an
   * event of more than 6 MiB.
   */
  invoke(event: string): Promise<InvocationResult>;
  stop(): Promise<void>;
}

/** Synchronous request and response: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export function createFunctionPool(options: {
  configuration: FunctionConfiguration;
  region: string;
  endpointUrl: () => string;
  principal: () => Promise<Principal>;
  log: FunctionLog;
}): FunctionPool {
  const { configuration, log } = options;
  const idle: Sandbox[] = [];
  const all = new Set<Sandbox>();
  let executing = 0;
  let invocations = 0;
  let taskRoot: Promise<string> | undefined;

  async function start(): Promise<Sandbox> {
    taskRoot ??= unpack(configuration.codeDirectory);
    const root = await taskRoot;
    const environment = executionEnvironment({
      configuration,
      principal: await options.principal(),
      region: options.region,
      endpointUrl: options.endpointUrl(),
      taskRoot: root,
      logStreamName: log.streamName,
    });
    const sandbox = createSandbox({ configuration, taskRoot: root, environment, onOutput: log.write });
    all.add(sandbox);
    return sandbox;
  }

  /** Takes a warm environment, if one is alive: work that continued after the last answer may have crashed it. */
  function takeWarm(): Sandbox | undefined {
    for (let sandbox = idle.pop(); sandbox; sandbox = idle.pop()) {
      if (sandbox.alive) return sandbox;
      all.delete(sandbox);
    }
    return undefined;
  }

  async function execute(event: string): Promise<InvocationResult> {
    invocations += 1;
    const requestId = deterministicUuid(configuration.arn, invocations);
    const sandbox = takeWarm() ?? (await start());
    const answer = await sandbox.invoke({
      event,
      requestId,
      functionName: configuration.name,
      functionArn: configuration.arn,
      memoryMegabytes: configuration.memoryMegabytes,
      logGroupName: configuration.logGroupName,
      logStreamName: log.streamName,
    });
    if (sandbox.alive) idle.push(sandbox);
    else all.delete(sandbox);
    const functionError = answer.error ?? responseTooLarge(answer.payload);
    if (functionError) return { requestId, functionError, payload: JSON.stringify(functionError) };
    return { requestId, payload: answer.payload ?? "null" };
  }

  return {
    async invoke(event) {
      rejectLargeEvent(event);
      if (executing >= (configuration.reservedConcurrency ?? Number.POSITIVE_INFINITY))
        throw new AwsError("TooManyRequestsException", "Rate Exceeded.", { statusCode: 429 });
      executing += 1;
      try {
        return await execute(event);
      } finally {
        executing -= 1;
        await log.flush(await options.principal());
      }
    },
    async stop() {
      await Promise.all([...all].map((sandbox) => sandbox.stop()));
      if (all.size > 0 || invocations > 0) await log.flush(await options.principal(), true);
      if (taskRoot) await rm(await taskRoot, { recursive: true, force: true });
    },
  };
}

/** Copies the package out of the project, so that a module that is missing in the package is missing here, too. */
async function unpack(codeDirectory: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "lambda-task-"));
  await cp(codeDirectory, root, { recursive: true });
  return root;
}

function rejectLargeEvent(event: string): void {
  const bytes = Buffer.byteLength(event);
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new AwsError(
      "RequestEntityTooLargeException",
      `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation, got ${bytes}`,
      { statusCode: 413 },
    );
}

function responseTooLarge(payload: string): FunctionError | undefined {
  if (Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES) return undefined;
  return {
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  };
}

/**
 * The complete environment of an execution, without variables of the host.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
function executionEnvironment(options: {
  configuration: FunctionConfiguration;
  principal: Principal;
  region: string;
  endpointUrl: string;
  taskRoot: string;
  logStreamName: string;
}): Readonly<Record<string, string>> {
  const { configuration, principal, region } = options;
  return {
    LANG: "en_US.UTF-8",
    TZ: "UTC",
    ...configuration.variables,
    _HANDLER: configuration.handler,
    AWS_ACCESS_KEY_ID: principal.accessKeyId,
    AWS_SECRET_ACCESS_KEY: principal.secretAccessKey,
    // Role credentials always have a token; the local endpoint identifies a caller by its access key.
    AWS_SESSION_TOKEN: principal.accessKeyId,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: options.endpointUrl,
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: options.logStreamName,
    LAMBDA_TASK_ROOT: options.taskRoot,
  };
}
