import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import { placeOf } from "./stack/options.ts";

export const redrive = (invocation: Invocation) =>
  createCommand("redrive", "operate")
    .summary("list and replay the events that a function failed to process")
    .description(
      `Without --run: how many failed invocations Lambda has kept, by function and cause: batches of the stream and messages to webhooks. A replay has no further effect on what was already done, so it may be repeated; docs/operations.md describes what happens to old records.

On AWS it needs the Pulumi CLI, and credentials that may call s3:ListBucket and, on aws/lambda/, s3:GetObject; --run needs s3:DeleteObject there and lambda:InvokeFunction.

Exit code: 0 nothing is left, 1 something remains, 2 bad input.`,
    )
    .option("--run", "give each event to its function again, oldest first; what succeeds is removed", false)
    .option("--function <name>", "only the events of one function: alert, archive, webhook-NAME")
    .addOption(stackOption)
    .addOption(outOption)
    .addOption(jsonOption)
    .action(async ({ stack, out, ...options }) => {
      const { runRedrive } = await import("./redrive/run.ts");
      await runRedrive({ ...placeOf({ stack, out }), ...options }, invocation);
    });
