import { z } from "zod";
import { NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import { bucketOfArn } from "./on-failure-bucket.ts";

/** What becomes of an asynchronous invocation that fails. */
export interface AsyncConfiguration {
  readonly retryAttempts: number;
  /** An event that waited longer, throttled or between retries, is given up. */
  readonly maximumEventAgeSeconds: number;
  /** Bucket that keeps what is given up, with the reason. */
  readonly onFailureBucket: string | undefined;
}

/** Defaults and limits: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const inputsSchema = z.object({
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
 * The `FunctionEventInvokeConfig` of a function, AWS's defaults where it has none.
 *
 * @throws NotEmulatedError for a version or alias, and for a destination other than a bucket for failures.
 * @throws Error naming the resource, the field and what is allowed, for inputs that AWS refuses.
 */
export function asyncConfigurationOf(
  graph: Graph,
  { name, arn }: { name: string; arn: string },
): AsyncConfiguration {
  const [configured] = resourcesOfType(
    graph,
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  ).filter(({ inputs }) => inputs.functionName === name || inputs.functionName === arn);
  const parsed = inputsSchema.safeParse(configured?.inputs ?? { functionName: name }, { reportInput: true });
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
