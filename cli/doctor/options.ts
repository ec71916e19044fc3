import { parseCommandLine } from "../../local/command-line.ts";
import type { PlaceOptions } from "../stack/open.ts";
import { OUT_HELP, placeOf } from "../stack/options.ts";

export interface DoctorOptions extends PlaceOptions {
  readonly json: boolean;
}

/** All that the doctor calls, each of which only reads. */
export const ACTIONS = [
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "glue:GetCrawler",
  "glue:GetJobRuns",
  "lambda:GetEventSourceMapping",
  "s3:GetObject",
  "s3:ListBucket",
  "sns:GetSMSAttributes",
  "sns:GetSMSSandboxAccountStatus",
  "sns:ListSubscriptionsByTopic",
  "ssm:GetParameter",
] as const;

export const HELP = `npm run doctor -- [options]     whether a stack is well, and what to do where it is not

  --stack NAME   stack to examine: local (the default) is the last local run, any other is on AWS
  --out DIR      ${OUT_HELP}
  --json         the same as JSON
  --help         this text

It changes nothing. On AWS it needs the Pulumi CLI, to read the stack's config with its secrets and its state, and
credentials that may call

${ACTIONS.map((action) => `  ${action}${scopeOf(action)}`).join("\n")}

What it may not call is unknown in its row; the other rows are there all the same. What a local run has nothing of, as
alarms, is n/a.

Exit code: 0 all is ok or n/a, 1 something warns or fails, 2 bad input, 3 nothing does but something is unknown.`;

function scopeOf(action: (typeof ACTIONS)[number]): string {
  if (action === "s3:GetObject") return " of state/ and etl/ in the bucket";
  return action === "ssm:GetParameter" ? " of /stormwire/STACK/api-key, which is not decrypted" : "";
}

/** Reads the command line of `npm run doctor`. Returns undefined for `--help`. Throws UsageError. */
export function parseOptions(argv: readonly string[]): DoctorOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: {
        stack: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run doctor -- --help",
  );
  if (values.help) return undefined;
  return { ...placeOf(values), json: values.json };
}
