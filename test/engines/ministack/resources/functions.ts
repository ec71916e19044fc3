import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  PutFunctionEventInvokeConfigCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { pascalKeys } from "../inputs.ts";
import type { Creates } from "./resource.ts";

export const FUNCTIONS: Creates = {
  "aws:lambda/function:Function": async ({ lambda, name, inputs }) => {
    const { directory }: { directory: string } = inputs.get("code");
    const variables: { variables: Record<string, string> } | undefined = inputs.get("environment");
    const created = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Code: { ZipFile: await zipFolder(directory) },
        Tags: inputs.tags(),
        ...(variables && { Environment: { Variables: variables.variables } }),
        ...inputs.rest(),
      } as never),
    );
    await waitUntilFunctionActiveV2(
      { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { FunctionName: name },
    );
    return (created as { FunctionArn?: string }).FunctionArn;
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": async ({ lambda, inputs }) => {
    const destination = inputs.get("destinationConfig");
    await lambda.send(
      new CreateEventSourceMappingCommand({
        Tags: inputs.tags(),
        ...(destination && { DestinationConfig: onFailure(destination) }),
        ...inputs.rest(),
      } as never),
    );
    return undefined;
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": async ({ lambda, inputs }) => {
    const FunctionName = inputs.get("functionName");
    const destination = inputs.get("destinationConfig");
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        ...(destination && { DestinationConfig: onFailure(destination) }),
        ...inputs.rest(),
      }),
    );
    return undefined;
  },
  "aws:lambda/permission:Permission": async ({ lambda, name, inputs }) => {
    const FunctionName = inputs.get("function");
    await lambda.send(
      new AddPermissionCommand({ FunctionName, StatementId: name, ...inputs.rest() } as never),
    );
    return undefined;
  },
};

/** The provider's own word for the destination is longer. */
function onFailure({ onFailure: target }: { onFailure: { destinationArn?: string; destination?: string } }) {
  return pascalKeys({ onFailure: { destination: target.destinationArn ?? target.destination } });
}

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
