import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { estimate } from "./estimate.ts";
import { formatCost } from "./format.ts";
import { toJson } from "./json.ts";
import { formatMeasures, measure } from "./measure.ts";
import { type CostOptions, HELP, parseOptions } from "./options.ts";
import { readMonth } from "./read-month.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run cost`: what a stack costs a month. Returns the exit code, 2 for bad input. */
export async function main(
  argv: readonly string[],
  { projectDirectory, out, error }: Terminal,
): Promise<number> {
  try {
    const options = parseOptions(argv);
    out(options === undefined ? HELP : await answer(options, projectDirectory));
    return 0;
  } catch (problem) {
    if (![UsageError, ConfigError, ProgramError].some((kind) => problem instanceof kind)) {
      throw problem;
    }
    error(`${(problem as Error).message}\n`);
    return 2;
  }
}

async function answer(options: CostOptions, projectDirectory: string): Promise<string> {
  if (options.measure !== undefined) return formatMeasures(await measure(options.measure));
  const month = await readMonth(options, projectDirectory);
  const result = estimate(month, options);
  return options.json ? toJson(month, result, options) : formatCost(month, result, options);
}
