import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { defineOperation, type Gateway, type Principal, type Service } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import type { RoleAssumer } from "../iam/identities.ts";
import { invokeAsynchronously } from "./async-invocation.ts";
import type { OnFailure } from "./failure.ts";
import { type FunctionConfiguration, functionsOfGraph } from "./function-configuration.ts";
import { createFunctionLog } from "./function-log.ts";
import { createFunctionPool, type FunctionPool, type InvocationResult } from "./function-pool.ts";

interface LambdaOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  /** Used by running functions, but not while Lambda is created, so the gateway may be created later. */
  readonly gateway: Gateway;
  readonly identities: RoleAssumer;
  /** The endpoint of the functions' AWS clients, e.g. `http://127.0.0.1:4566`. */
  readonly endpointUrl: () => string;
  /** Whether a log group exists; otherwise the role needs logs:CreateLogGroup. */
  readonly hasLogGroup: (name: string) => boolean;
  readonly onFailure: OnFailure;
}

/** Counters of a function. Errors count whether or not they were retried. */
interface FunctionMetrics {
  readonly invocations: number;
  readonly errors: number;
}

export interface Lambda {
  readonly service: Service;
  /**
   * Invokes a function synchronously by name or ARN. A principal needs lambda:InvokeFunction. An error of the function is
   * part of the result (`functionError`), not an exception.
   *
   * @throws AwsError ResourceNotFoundException, TooManyRequestsException, RequestEntityTooLargeException, AccessDenied.
   */
  invoke(functionName: string, event: unknown, principal?: Principal): Promise<InvocationResult>;
  /**
   * Invokes a function asynchronously. Awaits the first attempt; retries are tasks on the clock after 1 and 2 minutes. An
   * event that still fails goes to the function's dead-letter queue and on-failure bucket, and is reported to `onFailure`.
   *
   * @param source the source of the event, for the report of a failure
   */
  invokeAsync(functionName: string, event: unknown, source: string): Promise<void>;
  /** Configuration by name or ARN. @throws AwsError ResourceNotFoundException */
  configurationOf(functionName: string): FunctionConfiguration;
  /** The function's role, assumed. */
  principalOf(functionName: string): Promise<Principal>;
  metrics(): Readonly<Record<string, FunctionMetrics>>;
  /** Ends all worker threads and writes the rest of their logs. */
  stop(): Promise<void>;
}

interface DeployedFunction {
  readonly configuration: FunctionConfiguration;
  readonly principal: () => Promise<Principal>;
  readonly pool: FunctionPool;
  invocations: number;
  errors: number;
}

/**
 * Lambda for the functions of the graph, on worker threads. Timeouts are real time; all other times are virtual.
 * A thread has the time zone of the process, whatever its TZ is, so run the process in UTC like Lambda.
 *
 * @throws NotEmulatedError naming a function that is not emulated.
 */
export function createLambda(options: LambdaOptions): Lambda {
  const functions = new Map(
    functionsOfGraph(options.graph).map((configuration) => [
      configuration.name,
      deploy(configuration, options),
    ]),
  );

  function find(functionName: string): DeployedFunction {
    const name = /:function:([^:]+)/.exec(functionName)?.[1] ?? functionName;
    const found = functions.get(name);
    if (found) return found;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${functionName}`, {
      statusCode: 404,
    });
  }

  async function run(functionName: string, payload: string): Promise<InvocationResult> {
    const found = find(functionName);
    found.invocations += 1;
    const result = await found.pool.invoke(payload);
    if (result.functionError) found.errors += 1;
    return result;
  }

  const invoke: Lambda["invoke"] = async (functionName, event, principal) => {
    const { arn } = find(functionName).configuration;
    const payload = JSON.stringify(event) ?? "null";
    if (principal === undefined) return await run(arn, payload);
    return await options.gateway.call(principal, "lambda", "Invoke", { FunctionName: arn, Payload: payload });
  };

  const invokeAsync: Lambda["invokeAsync"] = async (functionName, event, source) => {
    const { configuration, principal } = find(functionName);
    await invokeAsynchronously({ ...options, configuration, principal, invoke, event, source });
  };

  return {
    service: lambdaService({
      arnOf: (name) => find(name).configuration.arn,
      run,
      runAsync: (name, payload, source) => invokeAsync(name, JSON.parse(payload), source),
    }),
    invoke,
    invokeAsync,
    configurationOf: (functionName) => find(functionName).configuration,
    principalOf: (functionName) => find(functionName).principal(),
    metrics: () =>
      Object.fromEntries(
        [...functions].map(([name, { invocations, errors }]) => [name, { invocations, errors }]),
      ),
    stop: async () => {
      await Promise.all([...functions.values()].map(({ pool }) => pool.stop()));
    },
  };
}

function deploy(configuration: FunctionConfiguration, options: LambdaOptions): DeployedFunction {
  const { graph, clock, gateway, identities, endpointUrl, hasLogGroup, onFailure } = options;
  let assumed: Promise<Principal> | undefined;
  const principal = (): Promise<Principal> => {
    assumed ??= Promise.resolve(
      identities.assumeRole(configuration.roleArn, "lambda.amazonaws.com", configuration.name),
    );
    return assumed;
  };
  const log = createFunctionLog({
    configuration,
    gateway,
    now: () => clock.now(),
    hasGroup: hasLogGroup,
    onRejected: (error) =>
      onFailure({
        time: clock.now(),
        kind: "logs",
        source: configuration.logGroupName,
        functionName: configuration.name,
        message: error.message,
        count: 0,
        lost: true,
      }),
  });
  const pool = createFunctionPool({ configuration, region: graph.region, endpointUrl, principal, log });
  return { configuration, principal, pool, invocations: 0, errors: 0 };
}

const invokeInput = z.object({
  FunctionName: z.string().min(1),
  Payload: z.string().optional(),
  InvocationType: z.enum(["RequestResponse", "Event", "DryRun"]).optional(),
});

/** The Lambda service with the operation Invoke, which requires lambda:InvokeFunction on the function. */
function lambdaService(options: {
  arnOf: (functionName: string) => string;
  run: (functionName: string, payload: string) => Promise<InvocationResult>;
  /** Invokes asynchronously; `source` is the caller's ARN. */
  runAsync: (functionName: string, payload: string, source: string) => Promise<void>;
}): Service {
  return {
    signingName: "lambda",
    protocol: "json",
    operations: {
      Invoke: defineOperation({
        input: invokeInput,
        permissions: ({ FunctionName }) => [
          { action: "lambda:InvokeFunction", resource: options.arnOf(FunctionName) },
        ],
        run: async ({ FunctionName, Payload = "null", InvocationType }, { principal }) => {
          if (InvocationType === "DryRun")
            throw new NotEmulatedError("lambda Invoke with InvocationType DryRun");
          if (InvocationType !== "Event") return await options.run(FunctionName, Payload);
          await options.runAsync(FunctionName, Payload, principal.arn);
          return {};
        },
      }),
    },
  };
}
