import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { formatReport, toJson } from "./format.ts";
import { readGraph } from "./graph.ts";
import { HELP, parseOptions } from "./options.ts";
import { iamReport, isQuestionable } from "./report.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run iam`: prints who may do what. Returns the exit code; see {@link HELP}. */
export async function main(
  argv: readonly string[],
  { projectDirectory, out, error }: Terminal,
): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      out(HELP);
      return 0;
    }
    const report = iamReport(await readGraph(projectDirectory, options.stack));
    out(options.json ? toJson(report) : formatReport(report));
    return isQuestionable(report) ? 1 : 0;
  } catch (problem) {
    if (!(problem instanceof UsageError || problem instanceof ProgramError)) throw problem;
    error(`${problem.message}\n`);
    return 2;
  }
}
