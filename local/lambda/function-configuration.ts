import { z } from "zod";
import { AwsError, NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { bucketOfArn } from "./failure.ts";

/** A function as the program declares it, with AWS's defaults. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** Folder that holds the unpacked package. */
  readonly codeDirectory: string;
  /** `file.export`, the file without its extension. */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  /** Whether the program chooses the log group, so that functions may share it. */
  readonly sharesLogGroup: boolean;
  /** Maximum of simultaneous executions; undefined without a reservation, which is not limited here. */
  readonly reservedConcurrency: number | undefined;
  /** SQS queue or SNS topic for events of asynchronous invocations that fail. */
  readonly deadLetterArn: string | undefined;
  readonly asynchronous: AsyncConfiguration;
}

/** Lambda's defaults: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MEGABYTES = 128;

/** Reserved names of environment variables: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED_VARIABLES: ReadonlySet<string> = new Set([
  "_HANDLER",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

const functionInputs = z.object({
  role: z.string(),
  handler: z.string().optional(),
  runtime: z.string().optional(),
  code: z.object({ directory: z.string() }).optional(),
  packageType: z.string().optional(),
  layers: z.array(z.string()).optional(),
  timeout: z.number().optional(),
  memorySize: z.number().optional(),
  environment: z.object({ variables: z.record(z.string(), z.string()).optional() }).optional(),
  loggingConfig: z.object({ logGroup: z.string().optional() }).optional(),
  reservedConcurrentExecutions: z.number().optional(),
  deadLetterConfig: z.object({ targetArn: z.string() }).optional(),
});

const outputsOfFunction = z.object({ name: z.string(), arn: z.string() });

/**
 * The functions of the program.
 *
 * @throws NotEmulatedError for a package that is not a folder of Node.js code, for layers, and for destinations of
 * asynchronous invocations other than a bucket for failures.
 * @throws AwsError InvalidParameterValueException for a reserved environment variable.
 */
export function functionsOfGraph(graph: Graph): readonly FunctionConfiguration[] {
  return resourcesOfType(graph, "aws:lambda/function:Function").map((resource) =>
    ofResource(resource.urn, () => configuration(graph, resource)),
  );
}

function configuration(graph: Graph, resource: Resource): FunctionConfiguration {
  const inputs = functionInputs.parse(resource.inputs, { reportInput: true });
  const { name, arn } = outputsOfFunction.parse(resource.outputs);
  const { code, handler, runtime } = inputs;
  if (code === undefined || handler === undefined || !runtime?.startsWith("nodejs"))
    throw new NotEmulatedError(
      `Function ${name} (${inputs.packageType ?? runtime ?? "no runtime"}, code not in a folder)`,
    );
  if (inputs.layers?.length) throw new NotEmulatedError(`Function ${name} with layers`);
  const variables = inputs.environment?.variables ?? {};
  rejectReserved(name, variables);
  return {
    name,
    arn,
    roleArn: inputs.role,
    codeDirectory: code.directory,
    handler,
    runtime,
    timeoutSeconds: inputs.timeout ?? DEFAULT_TIMEOUT_SECONDS,
    memoryMegabytes: inputs.memorySize ?? DEFAULT_MEMORY_MEGABYTES,
    variables,
    logGroupName: inputs.loggingConfig?.logGroup ?? `/aws/lambda/${name}`,
    sharesLogGroup: inputs.loggingConfig?.logGroup !== undefined,
    reservedConcurrency: reservedConcurrency(inputs.reservedConcurrentExecutions),
    deadLetterArn: inputs.deadLetterConfig?.targetArn,
    asynchronous: asyncConfigurationOf(graph, { name, arn }),
  };
}

function rejectReserved(name: string, variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((key) => RESERVED_VARIABLES.has(key));
  if (reserved.length > 0)
    throw new AwsError(
      "InvalidParameterValueException",
      `Function ${name}: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
}

/** Pulumi writes -1 for "no reservation". */
function reservedConcurrency(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

/** How failed asynchronous invocations are handled. */
interface AsyncConfiguration {
  readonly retryAttempts: number;
  /** An event that waits longer, throttled or between retries, is discarded. */
  readonly maximumEventAgeSeconds: number;
  /** Bucket for discarded events and their reasons. */
  readonly onFailureBucket: string | undefined;
}

/** Defaults and limits: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const invokeConfigInputs = z.object({
  functionName: z.string(),
  qualifier: z.string().default("$LATEST"),
  maximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  maximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  destinationConfig: z
    .object({
      onFailure: z.object({ destination: z.string() }).optional(),
      onSuccess: z.object({ destination: z.string() }).optional(),
    })
    .default({}),
});

/**
 * The `FunctionEventInvokeConfig` of a function, or AWS's defaults.
 *
 * @throws NotEmulatedError for a version or alias, and for a destination other than a bucket for failures.
 * @throws Error naming the resource, the field and what is allowed, for inputs that AWS rejects.
 */
function asyncConfigurationOf(
  graph: Graph,
  { name, arn }: { name: string; arn: string },
): AsyncConfiguration {
  const [configured] = resourcesOfType(
    graph,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  ).filter(({ inputs }) => inputs.functionName === name || inputs.functionName === arn);
  const parsed = invokeConfigInputs.safeParse(configured?.inputs ?? { functionName: name }, {
    reportInput: true,
  });
  if (!parsed.success)
    throw new Error(`Event invoke config ${configured?.name}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  const { qualifier, destinationConfig, maximumRetryAttempts, maximumEventAgeInSeconds } = parsed.data;
  if (qualifier !== "$LATEST")
    throw new NotEmulatedError(
      `Function ${name}: an event invoke config of its version or alias ${qualifier}`,
    );
  if (destinationConfig.onSuccess)
    throw new NotEmulatedError(`Function ${name}: a destination of asynchronous invocations that succeed`);
  return {
    retryAttempts: maximumRetryAttempts,
    maximumEventAgeSeconds: maximumEventAgeInSeconds,
    onFailureBucket: onFailureBucket(name, destinationConfig.onFailure?.destination),
  };
}

function onFailureBucket(functionName: string, destination: string | undefined): string | undefined {
  if (destination === undefined) return undefined;
  const bucket = bucketOfArn(destination);
  if (bucket === undefined)
    throw new NotEmulatedError(`Function ${functionName}: the on-failure destination ${destination}`);
  return bucket;
}
