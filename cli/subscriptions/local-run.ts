import { z } from "zod";
import { parseConfig } from "../../config/check.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { readProject, readStackConfig } from "../../local/program/project.ts";
import { readRunFile, readRunRecord } from "../stack/run-record.ts";
import { stackSecrets } from "../stack/secrets.ts";
import type { TopicSubscription } from "./compare.ts";

const listSchema = z.array(
  z.object({ SubscriptionArn: z.string(), Protocol: z.string(), Endpoint: z.string() }),
);
const subscriptionsSchema = z.record(z.string(), listSchema);

interface LocalRun {
  readonly config: StormwireConfig;
  readonly topicArn: string;
  readonly listed: readonly TopicSubscription[];
}

/**
 * Config of a stack as it is now, and the subscriptions of the local run that was left in `directory`.
 *
 * @throws UserError when the folder holds no run of the stack; ProgramError and ConfigError of the stack's config.
 */
export async function readLocalRun(
  directory: string,
  { projectDirectory, stack }: { readonly projectDirectory: string; readonly stack: string },
): Promise<LocalRun> {
  const project = await readProject(projectDirectory);
  const { overrides } = await stackSecrets(projectDirectory, stack);
  const needed = { ...overrides, [`${project.name}:apiKey`]: "none" }; // a local run needs none
  const { config } = await readStackConfig(projectDirectory, project.name, stack, needed);
  const { topicArn } = await readRunRecord(directory, stack);
  const lists = subscriptionsSchema.parse(await readRunFile(directory, "sns", "subscriptions.json"));
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
