import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../endpoint/error.ts";
import type { Principal } from "../endpoint/operation.ts";
import { executionEnvironment } from "./environment.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";
import type { FunctionLog } from "./function-log.ts";
import { deterministicUuid } from "./identifier.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";
import type { FunctionError } from "./worker-message.ts";

/** Answer of an invocation; the payload is JSON text, of the error when there is one. */
export interface InvocationResult {
  readonly requestId: string;
  readonly payload: string;
  readonly functionError?: FunctionError;
}

/** The execution environments of one function: warm ones are used again, more are started under parallel load. */
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

  /** A warm environment may have died of work that it left running after its last answer. */
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
      refuseLargeEvent(event);
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

/** A copy away from the project, so that a module that the package lacks is missing here too. */
async function unpack(codeDirectory: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "lambda-task-"));
  await cp(codeDirectory, root, { recursive: true });
  return root;
}

function refuseLargeEvent(event: string): void {
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
