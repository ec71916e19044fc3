import { UserError } from "../../lib/user-error.ts";
import { AwsError } from "../../local/endpoint/error.ts";
import { checkOutputDirectory } from "../../local/output-directory.ts";
import type { Invocation } from "../command.ts";
import type { StartOptions } from "./options.ts";
import { createProgress } from "./progress.ts";
import { renderSummary } from "./render.ts";

/** Runs the program and prints the summary. The exit code is 1 when something was lost or failed, or nothing arrived. */
export async function startHere(
  options: StartOptions,
  { projectDirectory, out, error, isWatched, exit }: Invocation,
): Promise<void> {
  await checkOutputDirectory(options.out);
  const progress = createProgress({ log: error, isTerminal: isWatched }, { quiet: options.json });
  const { run } = await import("./run.ts"); // most of a second, which a misspelled folder need not wait for
  const outcome = await run(options, projectDirectory, progress).catch(asUserError);
  out(options.json ? `${JSON.stringify(outcome.summary)}\n` : renderSummary(outcome));
  const isComplete = outcome.problems.length === 0 && outcome.lost === 0;
  if (!isComplete || outcome.summary.observations === 0) exit(1);
}

/** A service that rejects a declared resource says so in AWS's words: the program or its config has to change. */
function asUserError(problem: unknown): never {
  if (problem instanceof AwsError) throw new UserError(problem.message, { cause: problem });
  throw problem;
}
