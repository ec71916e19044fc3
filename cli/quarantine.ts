import { UserError } from "../lib/user-error.ts";
import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import type { QuarantineTask } from "./quarantine/run.ts";
import { placeOf } from "./stack/options.ts";

export const quarantine = (invocation: Invocation) =>
  createCommand("quarantine", "operate")
    .summary("list, repair and retry records that the archive rejected")
    .description(
      `Without an option: how many records the archive rejected, by reason, and when the first and the last arrived.

On AWS it needs the Pulumi CLI, and credentials that may call s3:ListBucket and, on quarantine/, s3:GetObject; --repair needs s3:PutObject, --retry s3:DeleteObject and lambda:InvokeFunction.

Exit code: 0 all went through (a list always does), 1 something remains in quarantine, 2 bad input.`,
    )
    .argument("[file]", "JSON that --repair puts beside the bytes of the record")
    .option("--reason <reason>", "the records of one reason: key, what is wrong, how the bytes begin")
    .option(
      "--retry",
      "give every record to the archive function again; what it accepts leaves quarantine",
      false,
    )
    .option("--key <key>", "with --retry: only this record")
    .option("--repair <key>", "put the JSON of FILE beside the bytes of this record; --retry then uses it")
    .addOption(stackOption)
    .addOption(outOption)
    .addOption(jsonOption)
    .action(async (file, { json, stack, out, ...asked }) => {
      const task = taskOf(asked, file);
      const { runQuarantine } = await import("./quarantine/run.ts");
      await runQuarantine({ ...placeOf({ stack, out }), json, task }, invocation);
    });

interface Asked {
  readonly reason?: string | undefined;
  readonly retry: boolean;
  readonly key?: string | undefined;
  readonly repair?: string | undefined;
}

function taskOf({ reason, retry, key, repair }: Asked, file: string | undefined): QuarantineTask {
  if (repair !== undefined) {
    if (retry || reason !== undefined || key !== undefined)
      throw new UserError("--repair excludes --retry, --reason and --key: repair first, then retry");
    if (file === undefined) throw new UserError("--repair takes a key and a file: --repair KEY FILE");
    return { kind: "repair", key: repair, file };
  }
  if (file !== undefined) throw new UserError(`a file (${file}) goes with --repair KEY only`);
  if (!retry) {
    if (key !== undefined) throw new UserError("--key goes with --retry only");
    return { kind: "list", reason };
  }
  if (reason !== undefined && key !== undefined)
    throw new UserError("--reason and --key exclude each other: a key contains its reason");
  return { kind: "retry", reason, key };
}
