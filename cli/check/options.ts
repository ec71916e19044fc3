import { parseCommandLine } from "../../local/command-line.ts";

export interface CheckOptions {
  readonly stack: string;
  readonly json: boolean;
}

export const HELP = `npm run check -- [options]     checks a stack's config as a preview does, and prints the rules of each location

  --stack NAME   stack whose Pulumi.NAME.yaml to check (default: local)
  --json         for scripts, with every rule in full (npm run --silent check -- --json prints nothing else)
  --help         this text

It needs no account. Placeholders stand for secrets that only Pulumi can decrypt; with PULUMI_CONFIG_PASSPHRASE and the Pulumi
CLI on PATH, the real values are checked.

Exit code: 0 a preview accepts the config (warnings may be printed), 2 it does not, or there is no such stack.
`;

/** Reads the command line of `npm run check`. Returns undefined for `--help`. Throws `UsageError`. */
export function parseOptions(argv: readonly string[]): CheckOptions | undefined {
  const { values } = parseCommandLine(
    {
      args: [...argv],
      options: { stack: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
    },
    "see npm run check -- --help",
  );
  return values.help ? undefined : { stack: values.stack ?? "local", json: values.json ?? false };
}
