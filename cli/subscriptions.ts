import { UserError } from "../lib/user-error.ts";
import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import { stackOptionsOf } from "./stack/options.ts";

export const subscriptions = (invocation: Invocation) =>
  createCommand("subscriptions", "operate")
    .summary("list who is subscribed, and send one subscriber a test message")
    .description(
      `Compares the subscriptions of a stack's config with those of its topic.

On AWS it needs the Pulumi CLI, to read the stack's config with its secrets, and credentials that may call sns:ListSubscriptionsByTopic, sns:GetSMSSandboxAccountStatus and sns:GetSMSAttributes. --test calls sns:Publish, and kms:GenerateDataKey and kms:Decrypt on the stack's key.

Exit code: 0 all are confirmed, 1 a subscription is pending, missing or not in config, 2 bad input. With --test: 0 sent to every channel of the subscriber, 1 a channel is not confirmed, 2 bad input.`,
    )
    .addOption(stackOption)
    .addOption(outOption)
    .option("--test <name>", "send this subscriber alone a message that is marked as a test, on AWS")
    .addOption(jsonOption)
    .action(async ({ test, json, ...chosen }) => {
      const options = { ...stackOptionsOf(chosen), json };
      if (test !== undefined) requireDeployed(options);
      const { listSubscriptions, testSubscription } = await import("./subscriptions/run.ts");
      if (test === undefined) await listSubscriptions(options, invocation);
      else await testSubscription({ ...options, test }, invocation);
    });

function requireDeployed({ localRun, json }: { localRun: string | undefined; json: boolean }): void {
  if (localRun !== undefined)
    throw new UserError(
      "--test sends from a deployed stack: name it with --stack. The messages of a local run are in its outbox.ndjson",
    );
  if (json)
    throw new UserError("--test and --json exclude each other: --json is the report of all subscribers");
}
