import { parseCommandLine } from "../../local/command-line.ts";

export interface IamOptions {
  readonly stack: string;
  readonly json: boolean;
}

export const HELP = `npm run iam -- [options]     which role may do what, on which resource, and who uses it

  --stack NAME   stack whose Pulumi.NAME.yaml to read (default: local)
  --json         for scripts, with ARNs (npm run --silent iam -- --json prints nothing else)
  --help         this text

Made of the program's own resources, without AWS; docs/iam.md is the same with a webhook and a drill.

Exit code: 0 printed, 1 an action has a *, or something is granted on everything and nobody has said why, 2 bad input.
`;

/** Reads the command line of `npm run iam`. Returns undefined for `--help`. Throws `UsageError`. */
export function parseOptions(argv: readonly string[]): IamOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    },
    "see npm run iam -- --help",
  );
  return values.help ? undefined : { stack: values.stack ?? "local", json: values.json ?? false };
}
