import { parseConfig } from "../../infra/config-parse.ts";
import { ConfigError } from "../../infra/config-problems.ts";
import type { StormwireConfig } from "../../infra/config-schema.ts";
import { previewWarnings, readStackFile } from "../../infra/config-warnings.ts";
import { ruleTable } from "../../infra/rule-table.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { readProject, readStackConfig, requireRegion } from "../../local/program/project.ts";
import { terminalWidth } from "../columns.ts";
import { stackSecrets } from "../stack-secrets.ts";
import { rulesJson } from "./json.ts";
import { HELP, parseOptions } from "./options.ts";

export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run check`: checks a stack's config and prints its rules. Returns the exit code, 2 for what a preview refuses. */
export async function main(
  argv: readonly string[],
  projectDirectory: string,
  { out, error }: Output,
): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      out(HELP);
      return 0;
    }
    const { config, notice, warnings } = await checkStack(projectDirectory, options.stack);
    if (notice !== undefined) error(`${notice}\n`);
    for (const warning of warnings) error(`warning: ${warning}\n`);
    out(
      options.json
        ? `${rulesJson(options.stack, config, warnings)}\n`
        : `${ruleTable(config, terminalWidth())}\n`,
    );
    return 0;
  } catch (problem) {
    if (!isBadInput(problem)) {
      throw problem;
    }
    error(`${problem.message}\n`);
    return 2;
  }
}

interface Checked {
  readonly config: StormwireConfig;
  /** Which secrets were checked by placeholders. */
  readonly notice: string | undefined;
  readonly warnings: readonly string[];
}

/** What `readConfig` of a preview does, without Pulumi's engine. */
async function checkStack(directory: string, stack: string): Promise<Checked> {
  const { name } = await readProject(directory);
  const { overrides, placeholders, notice } = await stackSecrets(directory, stack);
  const { config: values } = await readStackConfig(directory, name, stack, overrides);
  requireRegion(values, stack);
  const config = parseConfig(values, stack, new Date());
  const warnings = previewWarnings(config, readStackFile(directory, stack));
  // What is said of a placeholder is not said of the value.
  const isMeant = (warning: string) => !placeholders.some((path) => warning.startsWith(`${path} `));
  return { config, notice, warnings: warnings.filter(isMeant) };
}

function isBadInput(problem: unknown): problem is Error {
  return [UsageError, ProgramError, ConfigError].some((kind) => problem instanceof kind);
}
