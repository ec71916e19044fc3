import * as z from "zod";
import { ask } from "./ask.ts";
import type { Template } from "./cloudformation.ts";
import type { Judge } from "./install.ts";

/** Where examples, Brazil and Europe run; a type or property that one of them lacks is a finding. */
export const REGIONS = ["us-east-1", "sa-east-1", "eu-central-1"];

const findingsSchema = z.array(
  z.looseObject({
    Level: z.string(),
    Message: z.string(),
    Rule: z.looseObject({ Id: z.string() }),
    Location: z.looseObject({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

/** What cfn-lint finds in a template, in any of the regions. */
export async function cfnLintFindings(python: Judge, template: Template): Promise<string[]> {
  const file = { name: "template.json", content: JSON.stringify(template) };
  const run = "from cfnlint.runner import main; main()"; // it has no module to run
  const options = ["--format", "json", "--non-zero-exit-code", "none", "--regions", ...REGIONS];
  const findings = await ask(python, ["-c", run, ...options, "--template", file.name], file);
  return findingsSchema
    .parse(findings)
    .map(
      ({ Level, Rule, Location, Message }) => `${Level} ${Rule.Id} ${Location.Path?.join("/")}: ${Message}`,
    );
}
