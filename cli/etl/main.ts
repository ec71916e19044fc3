import { ConfigError } from "../../config/problems.ts";
import { ArgumentError } from "../../etl/arguments.ts";
import { UsageError } from "../../local/command-line.ts";
import { OutputDirectoryError } from "../../local/output-directory.ts";
import { ProgramError } from "../../local/program/error.ts";
import type { Deployment } from "./deployment.ts";
import { formatReport } from "./format.ts";
import { type EtlOptions, HELP, parseOptions } from "./options.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run etl`: brings gold up to date, or tells what is stale. Returns the exit code: 0 done, 1 the run failed, 2 bad input. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      terminal.out(`${HELP}\n`);
      return 0;
    }
    return await runEtl(options, terminal);
  } catch (problem) {
    const isBadInput = [UsageError, ArgumentError, ConfigError, ProgramError, OutputDirectoryError].some(
      (kind) => problem instanceof kind,
    );
    if (!isBadInput) throw problem;
    terminal.error(`${(problem as Error).message}\n`);
    return 2;
  }
}

async function runEtl(options: EtlOptions, { projectDirectory, out, error }: Terminal): Promise<number> {
  await using deployment = await open(options, projectDirectory);
  const { JobRunError, planOnly, runOnGlue } = await import("./job-run.ts");
  const { explained } = await import("./explain.ts");
  try {
    const report = await explained(
      options.dryRun
        ? planOnly(deployment, options)
        : runOnGlue(deployment, options.asked, (state) => error(`job ${deployment.job}: ${state}\n`)),
      deployment,
    );
    out(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(deployment.stack, report));
    return 0;
  } catch (problem) {
    if (!(problem instanceof JobRunError)) throw problem;
    error(`${problem.message}\n`);
    return 1;
  }
}

/** The AWS clients take half a second to load, which a typing error need not wait for. */
async function open({ stack, localRun }: EtlOptions, projectDirectory: string): Promise<Deployment> {
  if (localRun !== undefined) {
    const { openLocalRun } = await import("./local-run.ts");
    return await openLocalRun(localRun, { projectDirectory, stack });
  }
  const { openStack } = await import("./aws.ts");
  return await openStack({ name: stack, directory: projectDirectory });
}
