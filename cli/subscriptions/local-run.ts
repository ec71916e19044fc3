import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseConfig } from "../../config/check.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { UserError } from "../../lib/user-error.ts";
import { readProject, readStackConfig } from "../../local/program/project.ts";
import { stackSecrets } from "../stack/secrets.ts";
import type { TopicSubscription } from "./compare.ts";

const stackSchema = z.object({ stack: z.string(), outputs: z.object({ topicArn: z.string() }) });
const listSchema = z.array(
  z.object({ SubscriptionArn: z.string(), Protocol: z.string(), Endpoint: z.string() }),
);
const subscriptionsSchema = z.record(z.string(), listSchema);

export interface LocalRun {
  readonly config: StormwireConfig;
  readonly topicArn: string;
  readonly listed: readonly TopicSubscription[];
}

/**
 * Config of a stack as it is now, and the subscriptions of the local run that was left in `directory`.
 *
 * @throws {UserError} when there is no such run; ProgramError and ConfigError of the stack's config.
 */
export async function readLocalRun(
  directory: string,
  { projectDirectory, stack }: { readonly projectDirectory: string; readonly stack: string },
): Promise<LocalRun> {
  const project = await readProject(projectDirectory);
  const { overrides } = await stackSecrets(projectDirectory, stack);
  const needed = { ...overrides, [`${project.name}:apiKey`]: "none" }; // a local run needs none
  const { config } = await readStackConfig(projectDirectory, project.name, stack, needed);
  const run = stackSchema.parse(await readJson(directory, "stack.json"));
  if (run.stack !== stack) {
    throw new UserError(`${directory} holds a run of stack "${run.stack}", not of "${stack}"`);
  }
  const { topicArn } = run.outputs;
  const lists = subscriptionsSchema.parse(await readJson(directory, "sns", "subscriptions.json"));
  return {
    config: parseConfig(config, stack),
    topicArn,
    listed: (lists[topicArn] ?? []).map(({ SubscriptionArn, Protocol, Endpoint }) => ({
      arn: SubscriptionArn,
      protocol: Protocol,
      endpoint: Endpoint,
    })),
  };
}

async function readJson(directory: string, ...path: string[]): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(directory, ...path), "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new UserError(
      `no local run in ${directory} yet: run "npm start" first, or name its folder with --out`,
      { cause },
    );
  }
}
