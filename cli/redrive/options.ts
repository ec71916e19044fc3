import { parseCommandLine } from "../../local/command-line.ts";
import type { PlaceOptions } from "../stack/open.ts";
import { OUT_HELP, placeOf } from "../stack/options.ts";

export interface RedriveOptions extends PlaceOptions {
  readonly run: boolean;
  /** Only what this function left, by its name in the program. */
  readonly function: string | undefined;
  readonly json: boolean;
}

export const HELP = `npm run redrive -- [options]     what Lambda gave up: batches of the stream, messages to webhooks

  (nothing else)     how many there are, by function and cause
  --run              give each to its function again, oldest first; what goes through is removed
  --function NAME    only those of one function: alert, archive, webhook-NAME

  --stack NAME       stack to look at: local (the default) is the last local run, any other is on AWS
  --out DIR          ${OUT_HELP}
  --json             the same as JSON
  --help             this text

A replay changes nothing that is done already, so it may be repeated; docs/operations.md says what becomes of old records.

On AWS it needs the Pulumi CLI, and credentials that may call s3:ListBucket and, on aws/lambda/, s3:GetObject; --run needs
s3:DeleteObject there and lambda:InvokeFunction.

Exit code: 0 nothing is there (any more), 1 something remains, 2 bad input.`;

/** Reads the command line of `npm run redrive`. Returns undefined for `--help`. Throws UsageError. */
export function parseOptions(argv: readonly string[]): RedriveOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: {
        stack: { type: "string" },
        out: { type: "string" },
        run: { type: "boolean", default: false },
        function: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run redrive -- --help",
  );
  if (values.help) return undefined;
  const { run, function: name, json } = values;
  return { ...placeOf(values), run, function: name, json };
}
