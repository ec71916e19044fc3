import type { DayRange } from "../../etl/plan.ts";
import type { Invocation } from "../command.ts";
import type { StackOptions } from "../stack/open.ts";
import type { Deployment } from "./aws.ts";
import { formatReport } from "./format.ts";

interface EtlOptions extends StackOptions {
  readonly asked: DayRange | undefined;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** @throws {JobRunError} when the run failed */
export async function runEtl(
  options: EtlOptions,
  { projectDirectory, out, error }: Invocation,
): Promise<void> {
  await using deployment = await open(options, projectDirectory);
  const { planOnly, runOnGlue } = await import("./job-run.ts");
  const { explainedEtl } = await import("./aws.ts");
  const report = await explainedEtl(
    options.dryRun
      ? planOnly(deployment, options)
      : runOnGlue(deployment, options.asked, (state) => error(`job ${deployment.job}: ${state}\n`)),
    deployment,
  );
  out(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(deployment.stack, report));
}

/** The AWS clients take half a second to load, which a typing error need not wait for. */
async function open({ stack, localRun }: EtlOptions, projectDirectory: string): Promise<Deployment> {
  if (localRun !== undefined) {
    const { openLocalRun } = await import("./local-run.ts");
    return await openLocalRun(localRun, { projectDirectory, stack });
  }
  const { openDeployment } = await import("./aws.ts");
  return await openDeployment({ name: stack, directory: projectDirectory });
}
