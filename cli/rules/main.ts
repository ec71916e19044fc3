import { isRuleKey, parseRuleConfig } from "../../infra/config-parse.ts";
import { ConfigError } from "../../infra/config-problems.ts";
import type { RuleConfig } from "../../infra/config-schema.ts";
import { ruleTable } from "../../infra/rule-table.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { readProject, readStackConfig } from "../../local/program/project.ts";
import { rulesJson } from "./json.ts";
import { HELP, parseOptions } from "./options.ts";

export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run rules`: prints the rules of each place of a stack. Returns the exit code, 2 for bad input. */
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
    const config = await readRules(projectDirectory, options.stack);
    out(options.json ? `${rulesJson(options.stack, config)}\n` : `${ruleTable(config)}\n`);
    return 0;
  } catch (problem) {
    if (!isBadInput(problem)) {
      throw problem;
    }
    error(`${problem.message}\n`);
    return 2;
  }
}

async function readRules(directory: string, stack: string): Promise<RuleConfig> {
  const { name } = await readProject(directory);
  const { config } = await readStackConfig(directory, name, stack, {}, isRuleKey);
  return parseRuleConfig(config, stack);
}

function isBadInput(problem: unknown): problem is Error {
  return [UsageError, ProgramError, ConfigError].some((kind) => problem instanceof kind);
}
