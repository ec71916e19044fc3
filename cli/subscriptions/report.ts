import { parseConfig } from "../../config/check.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { UserError } from "../../lib/user-error.ts";
import type { StackOptions } from "../stack/open.ts";
import {
  type DeployedResource,
  readConfigWithSecrets,
  readOutputs,
  readResources,
  type Stack,
} from "../stack/pulumi.ts";
import type { SmsAccount } from "./account.ts";
import { type Channel, type Comparison, compareSubscriptions } from "./compare.ts";
import { readLocalRun } from "./local-run.ts";
import { type TestMessage, testMessage } from "./test-message.ts";

/** The subscriptions of one stack, in config and on its topic. */
export interface Report extends Comparison {
  readonly stack: string;
  readonly topicArn: string;
  /** A local run has none. */
  readonly account?: SmsAccount;
}

/** @throws {UserError} and errors of config, for what the user can put right. */
export function readReport(options: StackOptions, projectDirectory: string): Promise<Report> {
  const { stack, localRun } = options;
  return localRun === undefined
    ? reportOnAws(stack, projectDirectory)
    : reportOnLocalRun(stack, localRun, projectDirectory);
}

async function reportOnLocalRun(stack: string, directory: string, projectDirectory: string): Promise<Report> {
  const { config, topicArn, listed } = await readLocalRun(directory, { projectDirectory, stack });
  return { stack, topicArn, ...compareSubscriptions(config, listed) };
}

async function reportOnAws(name: string, directory: string): Promise<Report> {
  const stack = { name, directory };
  const { config, topicArn, sns } = await openTopic(stack);
  try {
    const { channels, strays } = compareSubscriptions(config, await sns.subscriptions());
    const isAnyPending = channels.some(({ state }) => state === "pending");
    const resources = isAnyPending ? await readResources(stack) : [];
    return {
      stack: name,
      topicArn,
      channels: channels.map((channel) => withSince(channel, resources)),
      strays,
      account: await sns.smsAccount(),
    };
  } finally {
    sns.close();
  }
}

/**
 * Sends a test message to one subscriber of a deployed stack, and returns what was sent.
 *
 * @throws {UserError} as {@link readReport}, and for a name that config does not have
 */
export async function sendTest(
  { stack: name, test }: StackOptions & { readonly test: string },
  directory: string,
): Promise<TestMessage> {
  const { config, sns } = await openTopic({ name, directory });
  try {
    const { channels } = compareSubscriptions(config, await sns.subscriptions());
    const sent = testMessage(test, name, config, channels);
    if (sent.reached.length > 0) await sns.publish(config.sms.maxPriceUsd)(sent.message, sent.routing);
    return sent;
  } finally {
    sns.close();
  }
}

async function openTopic(stack: Stack) {
  const values = await readConfigWithSecrets(stack);
  const config: StormwireConfig = parseConfig(values, stack.name);
  const { topicArn } = await readOutputs(stack);
  if (typeof topicArn !== "string") {
    throw new UserError(
      `stack "${stack.name}" has no output topicArn yet: run pulumi up --stack ${stack.name} first`,
    );
  }
  const { createTopicClient } = await import("./aws.ts"); // half a second, which a typing error need not wait for
  return { config, topicArn, sns: createTopicClient(topicArn, values["aws:profile"]) };
}

/** SNS does not say since when a subscription waits; the stack's state says when it was made. */
export function withSince(channel: Channel, resources: readonly DeployedResource[]): Channel {
  const { name, protocol, state } = channel;
  const created = resources.find(
    ({ type, urn }) =>
      type === "aws:sns/topicSubscription:TopicSubscription" && urn.endsWith(`::${name}-${protocol}`),
  )?.created;
  return state === "pending" && created !== undefined ? { ...channel, since: created } : channel;
}
