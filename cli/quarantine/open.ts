import { UsageError } from "../../local/command-line.ts";
import { readConfigWithSecrets, readOutputs, readResources, type Stack } from "../pulumi.ts";
import { openLocalRun } from "./local-run.ts";
import type { QuarantineOptions } from "./options.ts";
import type { Place } from "./place.ts";

/** @throws {UsageError} for what the person at the keyboard can put right */
export async function openPlace(
  { stack, localRun }: QuarantineOptions,
  projectDirectory: string,
): Promise<Place> {
  return localRun === undefined
    ? await openOnAws({ name: stack, directory: projectDirectory })
    : await openLocalRun(localRun, { projectDirectory, stack });
}

async function openOnAws(stack: Stack): Promise<Place> {
  const config = await readConfigWithSecrets(stack);
  const { bucket } = await readOutputs(stack);
  if (typeof bucket !== "string") {
    throw new UsageError(
      `stack "${stack.name}" has no output bucket yet: run pulumi up --stack ${stack.name} first`,
    );
  }
  const { openDeployed } = await import("./aws.ts"); // half a second, which a typing error need not wait for
  return openDeployed({
    stack: stack.name,
    bucket,
    region: config["aws:region"],
    profile: config["aws:profile"],
    functionName: () => functionNameOf(stack),
  });
}

async function functionNameOf(stack: Stack): Promise<string> {
  const found = (await readResources(stack)).find(
    ({ type, urn }) => type === "aws:lambda/function:Function" && urn.endsWith("::archive"),
  );
  if (found?.id !== undefined) return found.id;
  throw new UsageError(
    `stack "${stack.name}" has no function archive yet: run pulumi up --stack ${stack.name} first`,
  );
}
