import { type ConfigPreview, previewConfig } from "../../config/preview.ts";
import { ConfigError } from "../../config/problems.ts";
import { ruleTable } from "../../config/rule-table.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { readProject, readStackConfig, requireRegion } from "../../local/program/project.ts";
import { terminalWidth } from "../columns.ts";
import { stackSecrets } from "../stack/secrets.ts";
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
    const { notice, warnings, ...checked } = await checkStack(projectDirectory, options.stack);
    if (notice !== undefined) error(`${notice}\n`);
    for (const warning of warnings) error(`warning: ${warning}\n`);
    if (checked.error !== undefined) throw checked.error;
    out(
      options.json
        ? `${rulesJson(options.stack, checked.config, warnings)}\n`
        : `${ruleTable(checked.config, terminalWidth())}\n`,
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

type Checked = ConfigPreview & {
  /** Which secrets were checked by placeholders. */
  readonly notice: string | undefined;
};

/** What `readConfig` of a preview does, without Pulumi's engine. */
async function checkStack(directory: string, stack: string): Promise<Checked> {
  const { name } = await readProject(directory);
  const { overrides, placeholders, notice } = await stackSecrets(directory, stack);
  const { config: values } = await readStackConfig(directory, name, stack, overrides);
  requireRegion(values, stack);
  const checked = previewConfig(values, stack, directory, new Date());
  // What is said of a placeholder is not said of the value.
  const isMeant = (warning: string) => !placeholders.some((path) => warning.startsWith(`${path} `));
  return { ...checked, notice, warnings: checked.warnings.filter(isMeant) };
}

function isBadInput(problem: unknown): problem is Error {
  return [UsageError, ProgramError, ConfigError].some((kind) => problem instanceof kind);
}
