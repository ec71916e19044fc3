import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { examine, exitCodeOf } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { findingsJson, formatFindings } from "./format.ts";
import { type DoctorOptions, HELP, parseOptions } from "./options.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * `npm run doctor`: examines a stack. Returns the exit code: 0 all is ok, 1 something warns or fails, 2 bad input,
 * 3 nothing warns or fails but something is unknown.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      terminal.out(`${HELP}\n`);
      return 0;
    }
    const findings = await findingsOf(options, terminal.projectDirectory);
    terminal.out((options.json ? findingsJson : formatFindings)(options.stack, findings));
    return exitCodeOf(findings);
  } catch (problem) {
    if (![UsageError, ConfigError, ProgramError].some((kind) => problem instanceof kind)) throw problem;
    terminal.error(`${(problem as Error).message}\n`);
    return 2;
  }
}

/** Clients and engines take a second to load, which a typing error need not wait for. */
async function findingsOf(
  { stack, localRun }: DoctorOptions,
  projectDirectory: string,
): Promise<readonly Finding[]> {
  if (localRun !== undefined) {
    const { openLocalRun } = await import("./local-run.ts");
    return await examine(await openLocalRun(localRun, { projectDirectory, stack }));
  }
  const { withDeployed } = await import("./aws.ts");
  return await withDeployed({ name: stack, directory: projectDirectory }, (patient) => examine(patient));
}
