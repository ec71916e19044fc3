import type { Principal } from "../endpoint/operation.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";

/**
 * The environment of an execution, whole: nothing of the host's comes through.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function executionEnvironment(options: {
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
    // Role credentials always come with a token; the local endpoint knows a caller by its access key.
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
