import type { Invocation } from "../command.ts";
import type { StackOptions } from "../stack/open.ts";
import { examine, exitCodeOf } from "./examine.ts";
import type { Finding } from "./finding.ts";
import { findingsJson, formatFindings } from "./format.ts";

/** Returns the exit code; see `doctor --help`. */
export async function runDoctor(
  options: StackOptions & { readonly json: boolean },
  { projectDirectory, out }: Invocation,
): Promise<number> {
  const findings = await findingsOf(options, projectDirectory);
  out((options.json ? findingsJson : formatFindings)(options.stack, findings));
  return exitCodeOf(findings);
}

/** Clients and engines take a second to load, which a typing error need not wait for. */
async function findingsOf(
  { stack, localRun }: StackOptions,
  projectDirectory: string,
): Promise<readonly Finding[]> {
  if (localRun !== undefined) {
    const { openLocalRun } = await import("./local-run.ts");
    return await examine(await openLocalRun(localRun, { projectDirectory, stack }));
  }
  const { withDeployed } = await import("./aws.ts");
  return await withDeployed({ name: stack, directory: projectDirectory }, (stack) => examine(stack));
}
