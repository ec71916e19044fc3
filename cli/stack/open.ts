import { UserError } from "../../lib/user-error.ts";
import { openLocalRun } from "./local-run.ts";
import { readConfigWithSecrets, readOutputs, readResources, type Stack } from "./pulumi.ts";
import type { OpenStack } from "./stack.ts";

export interface StackOptions {
  readonly stack: string;
  /** Output folder of the local run to look at; undefined: the stack as it is on AWS. */
  readonly localRun: string | undefined;
}

/** @throws {UserError} for what the user can put right */
export async function openStack(
  { stack, localRun }: StackOptions,
  projectDirectory: string,
): Promise<OpenStack> {
  return localRun === undefined
    ? await openOnAws({ name: stack, directory: projectDirectory })
    : await openLocalRun(localRun, { projectDirectory, stack });
}

async function openOnAws(stack: Stack): Promise<OpenStack> {
  const config = await readConfigWithSecrets(stack);
  const { bucket } = await readOutputs(stack);
  if (typeof bucket !== "string") {
    throw new UserError(
      `stack "${stack.name}" has no output bucket yet: run pulumi up --stack ${stack.name} first`,
    );
  }
  const { openDeployed } = await import("./aws.ts"); // half a second, which a typing error need not wait for
  return openDeployed({
    stack: stack.name,
    bucket,
    region: config["aws:region"],
    profile: config["aws:profile"],
    deployedName: deployedNames(stack),
  });
}

/** By a function's name in the program; the stack's state is read once, when the first is asked for. */
function deployedNames(stack: Stack): (name: string) => Promise<string> {
  let reading: ReturnType<typeof readResources> | undefined;
  return async (name) => {
    reading ??= readResources(stack);
    const found = (await reading).find(
      ({ type, urn }) => type === "aws:lambda/function:Function" && urn.endsWith(`::${name}`),
    );
    if (found?.id !== undefined) return found.id;
    throw new UserError(
      `stack "${stack.name}" has no function ${name}: run pulumi up --stack ${stack.name} first`,
    );
  };
}
