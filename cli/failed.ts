import { UserError } from "../lib/user-error.ts";
import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import type { FailedTask } from "./failed/run.ts";
import { stackOptionsOf } from "./stack/options.ts";

export const failed = (invocation: Invocation) =>
  createCommand("failed", "operate")
    .summary("list, repair and retry what the archive rejected or Lambda discarded")
    .description(
      `Lists what failed, by function and cause: records that the archive rejected, and events that Lambda discarded after all retries (batches of the stream, messages to webhooks, scheduled messages).

A retry has no further effect on what was already done, so it may be repeated. docs/lake.md describes the rejected records, docs/operations.md the discarded events.

On AWS it needs the Pulumi CLI, and credentials that may call s3:ListBucket and, on quarantine/ and aws/lambda/, s3:GetObject; --repair needs s3:PutObject on quarantine/, --retry s3:DeleteObject on both and lambda:InvokeFunction.

Exit code: 0 nothing is left, 1 something is left, 2 bad input.`,
    )
    .argument("[file]", "JSON that --repair puts beside the bytes of the record")
    .option("--function <name>", "only what one function failed to process: alert, archive, webhook-NAME")
    .option("--cause <cause>", "only what failed for one cause, for example not-json")
    .option("--key <key>", "only this object")
    .option("--details", "each object: its key, what is wrong, how the bytes begin", false)
    .option(
      "--retry",
      "give each record and event to its function again, the oldest event first; what succeeds is removed",
      false,
    )
    .option(
      "--repair <key>",
      "put the JSON of FILE beside the bytes of this rejected record; --retry then uses it",
    )
    .addOption(stackOption)
    .addOption(outOption)
    .addOption(jsonOption)
    .action(async (file, { json, stack, out, ...typed }) => {
      const task = taskOf(typed, file);
      const { runFailed } = await import("./failed/run.ts");
      await runFailed({ ...stackOptionsOf({ stack, out }), json, task }, invocation);
    });

interface Typed {
  readonly function?: string | undefined;
  readonly cause?: string | undefined;
  readonly key?: string | undefined;
  readonly details: boolean;
  readonly retry: boolean;
  readonly repair?: string | undefined;
}

function taskOf({ details, retry, repair, ...filter }: Typed, file: string | undefined): FailedTask {
  if (repair === undefined) {
    if (file !== undefined) throw new UserError(`a file (${file}) goes with --repair KEY only`);
    if (details && retry) throw new UserError("--details and --retry exclude each other");
    return { kind: retry ? "retry" : details ? "details" : "list", filter };
  }
  if (details || retry || Object.values(filter).some((value) => value !== undefined))
    throw new UserError("--repair excludes the other options: repair first, then retry");
  if (file === undefined) throw new UserError("--repair takes a key and a file: --repair KEY FILE");
  return { kind: "repair", key: repair, file };
}
