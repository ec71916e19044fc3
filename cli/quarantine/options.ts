import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { OUT_HELP, placeOf } from "../stack/options.ts";

export interface QuarantineOptions {
  readonly stack: string;
  /** Output folder of the local run to look at; undefined: the stack as it is on AWS. */
  readonly localRun: string | undefined;
  readonly json: boolean;
  readonly command: Command;
}

export type Command =
  | { readonly kind: "list"; readonly reason?: string | undefined }
  | { readonly kind: "retry"; readonly reason?: string | undefined; readonly key?: string | undefined }
  | { readonly kind: "repair"; readonly key: string; readonly file: string };

export const HELP = `npm run quarantine -- [options]     records that the archive did not take, and why

  (nothing else)       how many there are by reason, and when the first and the last arrived
  --reason R           the records of one reason: key, what is wrong, how the bytes begin
  --repair KEY FILE    put the JSON of FILE beside the bytes of a record; --retry then uses it
  --retry              give every record to the archive function again; what it takes leaves quarantine
    --reason R         only those of one reason
    --key KEY          only this one

  --stack NAME         stack to look at: local (the default) is the last local run, any other is on AWS
  --out DIR            ${OUT_HELP}
  --json               the same as JSON
  --help               this text

On AWS it needs the Pulumi CLI, and credentials that may call s3:ListBucket and, on quarantine/, s3:GetObject; --repair
needs s3:PutObject, --retry s3:DeleteObject and lambda:InvokeFunction.

Exit code: 0 all went through (a list always does), 1 something remains in quarantine, 2 bad input.`;

/** Reads the command line of `npm run quarantine`. Returns undefined for `--help`. Throws {@link UsageError}. */
export function parseOptions(argv: readonly string[]): QuarantineOptions | undefined {
  const { values, positionals } = parse(argv);
  if (values.help) {
    return undefined;
  }
  const { json } = values;
  return {
    ...placeOf(values),
    json,
    command: commandOf(values, positionals),
  };
}

function parse(argv: readonly string[]) {
  return parseCommandLine(
    {
      args: [...argv],
      allowPositionals: true,
      options: {
        stack: { type: "string" },
        out: { type: "string" },
        json: { type: "boolean", default: false },
        reason: { type: "string" },
        retry: { type: "boolean", default: false },
        key: { type: "string" },
        repair: { type: "string" },
        help: { type: "boolean", default: false },
      },
    },
    "see npm run quarantine -- --help",
  );
}

function commandOf(
  { reason, retry, key, repair }: ReturnType<typeof parse>["values"],
  positionals: readonly string[],
): Command {
  if (repair !== undefined) {
    if (retry || reason !== undefined || key !== undefined) {
      throw new UsageError(
        "--repair goes with none of --retry, --reason and --key: repair first, then retry",
      );
    }
    const [file, ...others] = positionals;
    if (file === undefined || others.length > 0) {
      throw new UsageError(`--repair takes a key and one file, found ${positionals.length} files`);
    }
    return { kind: "repair", key: repair, file };
  }
  if (positionals.length > 0) {
    throw new UsageError(`"${positionals[0]}" belongs to no option; see npm run quarantine -- --help`);
  }
  if (!retry) {
    if (key !== undefined) throw new UsageError("--key goes with --retry only");
    return { kind: "list", reason };
  }
  if (reason !== undefined && key !== undefined) {
    throw new UsageError("--reason and --key exclude each other: a key has its reason in it");
  }
  return { kind: "retry", reason, key };
}
