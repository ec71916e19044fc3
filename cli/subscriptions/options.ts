import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { OUT_HELP, placeOf } from "../stack/options.ts";

export interface SubscriptionsOptions {
  readonly stack: string;
  /** Output folder of the local run to look at; undefined: the stack as it is on AWS. */
  readonly localRun: string | undefined;
  readonly json: boolean;
  /** Subscriber to whom a test message is sent, in place of the report. */
  readonly test: string | undefined;
}

export const HELP = `npm run subscriptions -- [options]     who is really subscribed, and who only in config

  --stack NAME   stack to look at: local (the default) is the last local run, any other is on AWS
  --out DIR      ${OUT_HELP}
  --test NAME    send that subscriber alone a message marked as a test, on AWS (--stack NAME)
  --json         the same as JSON
  --help         this text

On AWS it needs the Pulumi CLI, to read the stack's config with its secrets, and credentials that may call
sns:ListSubscriptionsByTopic, sns:GetSMSSandboxAccountStatus and sns:GetSMSAttributes. --test calls sns:Publish, and kms:GenerateDataKey and kms:Decrypt on the stack's key.

Exit code: 0 all are confirmed, 1 somebody is pending, missing or not in config, 2 bad input. With --test: 0 sent to every
channel of the subscriber, 1 a channel is not confirmed, 2 bad input.`;

/** Reads the command line of `npm run subscriptions`. Returns undefined for `--help`. Throws {@link UsageError}. */
export function parseOptions(argv: readonly string[]): SubscriptionsOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: {
        stack: { type: "string" },
        out: { type: "string" },
        test: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run subscriptions -- --help",
  );
  if (values.help) {
    return undefined;
  }
  const options = { ...placeOf(values), json: values.json, test: values.test };
  if (options.test !== undefined && options.localRun !== undefined) {
    throw new UsageError(
      "--test sends from a deployed stack: name it with --stack. The messages of a local run are in its outbox.ndjson",
    );
  }
  if (options.test !== undefined && options.json) {
    throw new UsageError("--test and --json exclude each other: --json is the report of all subscribers");
  }
  return options;
}
