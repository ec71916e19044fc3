import { resolve } from "node:path";
import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { AwsError } from "../../local/endpoint/error.ts";
import { checkOutputDirectory, OutputDirectoryError } from "../../local/output-directory.ts";
import { ProgramError } from "../../local/program/error.ts";
import { WriteFaultError } from "../../local/write-fault.ts";
import { SavedQueryError } from "../../queries/saved-queries.ts";
import { ReplayError } from "../../replay/error.ts";
import { HELP, parseOptions, type StartOptions } from "./options.ts";
import { createProgress } from "./progress.ts";
import { renderSummary } from "./render.ts";

export interface Terminal {
  readonly projectDirectory: string;
  /** Standard output: the summary, or JSON and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: progress and errors. */
  readonly log: (text: string) => void;
  /** Whether a line of `log` may be written over. */
  readonly isTerminal: boolean;
}

/** `npm start`: runs the program on this machine. Returns the exit code: 0 nothing lost, 1 something failed, 2 bad input. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      terminal.out(`${HELP}\n`);
      return 0;
    }
    // Absolute: the working directory itself may be the folder that is moved.
    return await start({ ...options, out: resolve(options.out) }, terminal);
  } catch (error) {
    const isUnfinished = error instanceof WriteFaultError;
    if (!isUnfinished && !isBadInput(error)) {
      throw error;
    }
    terminal.log(`${error.message}\n`);
    return isUnfinished ? 1 : 2;
  }
}

async function start(options: StartOptions, terminal: Terminal): Promise<number> {
  await checkOutputDirectory(options.out);
  const progress = createProgress(terminal, { quiet: options.json });
  const { run } = await import("./run.ts"); // most of a second, which a typing error need not wait for
  const outcome = await run(options, terminal.projectDirectory, progress);
  terminal.out(options.json ? `${JSON.stringify(outcome.summary)}\n` : renderSummary(outcome));
  const isComplete = outcome.problems.length === 0 && outcome.lost === 0;
  return isComplete && outcome.summary.observations > 0 ? 0 : 1;
}

/** What the user can mend: the message alone says what is wrong. */
function isBadInput(error: unknown): error is Error {
  return [
    UsageError,
    ReplayError,
    ConfigError,
    ProgramError,
    SavedQueryError,
    OutputDirectoryError,
    AwsError,
  ].some((kind) => error instanceof kind);
}
