import { parseCommandLine } from "../../local/command-line.ts";

export interface RulesOptions {
  readonly stack: string;
  readonly json: boolean;
}

export const HELP = `npm run rules -- [options]     the rules of each place of a stack, as they are in effect

  --stack NAME   stack whose Pulumi.NAME.yaml to read (default: local)
  --json         for scripts, with every rule in full (npm run --silent rules -- --json prints nothing else)
  --help         this text

Exit code: 0 printed, 2 bad input: no such stack, or a config that a preview would refuse.
`;

/** Reads the command line of `npm run rules`. Returns undefined for `--help`. Throws `UsageError`. */
export function parseOptions(argv: readonly string[]): RulesOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    },
    "see npm run rules -- --help",
  );
  return values.help ? undefined : { stack: values.stack ?? "local", json: values.json ?? false };
}
