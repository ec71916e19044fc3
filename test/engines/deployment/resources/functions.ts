import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AddPermissionCommand,
  Architecture,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  EventSourcePosition,
  FunctionResponseType,
  LogFormat,
  PutFunctionEventInvokeConfigCommand,
  Runtime,
  TracingMode,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import * as z from "zod";
import { type Creates, resource, tags } from "../definition.ts";
import { pascalKeys } from "../pascal-keys.ts";

export const FUNCTIONS: Creates = {
  "aws:lambda/function:Function": resource(
    {
      code: z.strictObject({ directory: z.string() }),
      environment: z.strictObject({ variables: z.record(z.string(), z.string()) }).optional(),
      role: z.string(),
      handler: z.string(),
      runtime: z.enum(Runtime),
      architectures: z.array(z.enum(Architecture)).optional(),
      description: z.string().optional(),
      memorySize: z.number().optional(),
      timeout: z.number().optional(),
      tracingConfig: z.strictObject({ mode: z.enum(TracingMode) }).optional(),
      loggingConfig: z.strictObject({ logFormat: z.enum(LogFormat), logGroup: z.string() }).optional(),
      tags,
    },
    async ({ lambda, name, inputs: { code, environment, tags, ...rest } }) => {
      const { FunctionArn } = await lambda.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Code: { ZipFile: await zipFolder(code.directory) },
          Tags: tags,
          ...(environment && { Environment: { Variables: environment.variables } }),
          ...pascalKeys(rest),
        }),
      );
      await waitUntilFunctionActiveV2(
        { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
        { FunctionName: name },
      );
      return FunctionArn;
    },
  ),
  "aws:lambda/eventSourceMapping:EventSourceMapping": resource(
    {
      eventSourceArn: z.string(),
      functionName: z.string(),
      startingPosition: z.enum(EventSourcePosition),
      batchSize: z.number().optional(),
      bisectBatchOnFunctionError: z.boolean().optional(),
      functionResponseTypes: z.array(z.enum(FunctionResponseType)).optional(),
      maximumBatchingWindowInSeconds: z.number().optional(),
      maximumRecordAgeInSeconds: z.number().optional(),
      maximumRetryAttempts: z.number().optional(),
      parallelizationFactor: z.number().optional(),
      destinationConfig: z
        .strictObject({ onFailure: z.strictObject({ destinationArn: z.string() }) })
        .optional(),
      tags,
    },
    async ({ lambda, inputs: { destinationConfig, tags, ...rest } }) => {
      await lambda.send(
        new CreateEventSourceMappingCommand({
          Tags: tags,
          ...(destinationConfig && {
            DestinationConfig: { OnFailure: { Destination: destinationConfig.onFailure.destinationArn } },
          }),
          ...pascalKeys(rest),
        }),
      );
      return undefined;
    },
  ),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": resource(
    {
      functionName: z.string(),
      maximumRetryAttempts: z.number().optional(),
      maximumEventAgeInSeconds: z.number().optional(),
      destinationConfig: z
        .strictObject({ onFailure: z.strictObject({ destination: z.string() }) })
        .optional(),
    },
    async ({ lambda, inputs }) => {
      await lambda.send(new PutFunctionEventInvokeConfigCommand(pascalKeys(inputs)));
      return undefined;
    },
  ),
  "aws:lambda/permission:Permission": resource(
    { function: z.string(), action: z.string(), principal: z.string(), sourceArn: z.string() },
    async ({ lambda, name, inputs: { function: FunctionName, ...rest } }) => {
      await lambda.send(new AddPermissionCommand({ FunctionName, StatementId: name, ...pascalKeys(rest) }));
      return undefined;
    },
  ),
};

async function zipFolder(directory: string): Promise<Uint8Array> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return zipSync(
    Object.fromEntries(
      await Promise.all(
        files.map(async ({ parentPath, name }) => {
          const path = join(parentPath, name);
          return [path.slice(directory.length + 1), await readFile(path)] as const;
        }),
      ),
    ),
  );
}
