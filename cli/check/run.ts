import { type ConfigPreview, previewConfig } from "../../config/check.ts";
import { ruleTable } from "../../config/rule-table.ts";
import { readProject, readStackConfig, requireRegion } from "../../local/program/project.ts";
import { terminalWidth } from "../columns.ts";
import type { Invocation } from "../command.ts";
import { stackSecrets } from "../stack/secrets.ts";
import { rulesJson } from "./json.ts";

export async function runCheck(
  { stack, json }: { readonly stack: string; readonly json: boolean },
  { projectDirectory, out, error }: Invocation,
): Promise<void> {
  const { notice, warnings, ...checked } = await checkStack(projectDirectory, stack);
  if (notice !== undefined) error(`${notice}\n`);
  for (const warning of warnings) error(`warning: ${warning}\n`);
  if (checked.error !== undefined) throw checked.error;
  out(
    json
      ? `${rulesJson(stack, checked.config, warnings)}\n`
      : `${ruleTable(checked.config, terminalWidth())}\n`,
  );
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
