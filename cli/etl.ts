import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import { stackOptionsOf } from "./stack/options.ts";

export const etl = (invocation: Invocation) =>
  createCommand("etl", "data")
    .summary("bring gold up to date with the archive")
    .description(
      `Rebuilds the days of gold whose archived objects have changed, and prints what it did. A day whose raw objects have partly expired is frozen: it stays as it is, also when it is asked for.

On AWS it starts the stack's Glue job and waits for it. It needs the Pulumi CLI, to read the stack, and credentials that may call glue:StartJobRun and glue:GetJobRun, list the bucket and read reports/etl/ in it; for a dry run, which starts no job, s3:ListBucket and s3:GetObject of etl/ and state/etl/.

Exit code: 0 done, 1 the run failed, 2 bad input.`,
    )
    .option(
      "--from <day>",
      "rebuild the days from this one on, YYYY-MM-DD in UTC, stale or not, and no others",
    )
    .option("--to <day>", "rebuild the days up to this one, which is included")
    .option("--dry-run", "print which days are stale, and why; run nothing and write nothing", false)
    .addOption(stackOption)
    .addOption(outOption)
    .addOption(jsonOption)
    .action(async ({ from, to, dryRun, json, ...chosen }) => {
      const { dayRange } = await import("../etl/arguments.ts");
      const options = { ...stackOptionsOf(chosen), asked: dayRange(from, to), dryRun, json };
      const { runEtl } = await import("./etl/run.ts");
      await runEtl(options, invocation);
    });
