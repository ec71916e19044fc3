import { type ConfigPreview, previewConfig } from "../../config/check.ts";
import { ruleTable } from "../../config/rule-table.ts";
import { type ConfiguredRule, configuredRules, configuredRulesOfLocation } from "../../config/rules.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { readProject, readStackConfig, requireRegion } from "../../local/program/project.ts";
import { terminalWidth } from "../columns.ts";
import type { Invocation } from "../command.ts";
import { LOCAL_STACK } from "../stack/options.ts";
import { stackSecrets } from "../stack/secrets.ts";

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
  // `npm start` replays the past in stack local, so a message at a day of the past is right there.
  const now = stack === LOCAL_STACK ? undefined : new Date();
  const checked = previewConfig(values, stack, directory, now);
  // A warning about a placeholder says nothing about the value.
  const isMeant = (warning: string) => !placeholders.some((path) => warning.startsWith(`${path} `));
  return { ...checked, notice, warnings: checked.warnings.filter(isMeant) };
}

/** The rules of each location in full, those that are off included, and what a preview warns of. */
function rulesJson(
  stack: string,
  { rules, locations }: StormwireConfig,
  warnings: readonly string[],
): string {
  const ofStack = configuredRules(rules);
  const ofLocations = Object.entries(locations).map(([location, { rules: own }]) => ({
    location,
    rules: configuredRulesOfLocation(ofStack, own).map(toJson),
  }));
  return JSON.stringify({ stack, warnings, locations: ofLocations }, null, 2);
}

/** `from` is "preset" (with its name), "stack" or "location"; `off` says who turned the rule off. */
function toJson({ rule, from, off }: ConfiguredRule): object {
  const source = typeof from === "string" ? { from } : { from: "preset", ...from };
  return { ...source, ...(off !== undefined && { off }), rule };
}
