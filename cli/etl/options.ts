import { dayRange } from "../../etl/arguments.ts";
import type { DayRange } from "../../etl/plan.ts";
import { parseCommandLine } from "../../local/command-line.ts";
import type { PlaceOptions } from "../stack/open.ts";
import { OUT_HELP, placeOf } from "../stack/options.ts";

export interface EtlOptions extends PlaceOptions {
  readonly asked: DayRange | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export const HELP = `npm run etl -- [options]     brings gold up to date with what is archived, and tells what it did

  --from DAY     rebuild the days from this one on, YYYY-MM-DD in UTC, whether stale or not, and look at no others
  --to DAY       rebuild the days up to this one, it included
  --dry-run      tell which days are stale, and why; run nothing and write nothing
  --stack NAME   stack to work on: local (the default) is the last local run, any other is on AWS
  --out DIR      ${OUT_HELP}
  --json         the run's report as JSON
  --help         this text

A day whose raw is partly gone is frozen: it stays as it is, also when it is asked for.

On AWS it starts the stack's Glue job and waits for it. It needs the Pulumi CLI, to read the stack, and credentials that
may call glue:StartJobRun and glue:GetJobRun, and list the bucket and read reports/etl/ in it; for a dry run, which
starts no job, s3:ListBucket and s3:GetObject of etl/ and state/etl/.

Exit code: 0 done, 1 the run failed, 2 bad input.`;

/** Reads the command line of `npm run etl`. Returns undefined for `--help`. Throws UsageError and ArgumentError. */
export function parseOptions(argv: readonly string[]): EtlOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: {
        from: { type: "string" },
        to: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        stack: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run etl -- --help",
  );
  if (values.help) return undefined;
  const { from, to, "dry-run": dryRun, json } = values;
  return { ...placeOf(values), asked: dayRange(from, to), dryRun, json };
}
