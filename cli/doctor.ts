import { createCommand, type Invocation, jsonOption, outOption, stackOption } from "./command.ts";
import { stackOptionsOf } from "./stack/options.ts";

/** All that the doctor calls; each of them only reads. */
export const ACTIONS = [
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricData",
  "glue:GetCrawler",
  "glue:GetJobRuns",
  "lambda:GetEventSourceMapping",
  "s3:GetObject",
  "s3:ListBucket",
  "sns:GetSMSAttributes",
  "sns:GetSMSSandboxAccountStatus",
  "sns:ListSubscriptionsByTopic",
  "ssm:GetParameter",
] as const;

export const doctor = (invocation: Invocation) =>
  createCommand("doctor", "operate")
    .summary("check whether a stack is healthy, and what to do where it is not")
    .description(
      `Checks whether a stack is healthy, and what to do where it is not. It changes nothing.

On AWS it needs the Pulumi CLI, to read the stack's config with its secrets and its state, and credentials that may call

${ACTIONS.map((action) => `  ${action}${scopeOf(action)}`).join("\n")}

A row whose call is not allowed is unknown; the other rows are still checked. What a local run does not have, such as alarms, is n/a.

Exit code: 0 healthy, 1 action needed, 2 bad input, 3 healthy as far as could be checked.`,
    )
    .addOption(stackOption)
    .addOption(outOption)
    .addOption(jsonOption)
    .action(async ({ json, ...chosen }) => {
      const { runDoctor } = await import("./doctor/run.ts");
      invocation.exit(await runDoctor({ ...stackOptionsOf(chosen), json }, invocation));
    });

function scopeOf(action: (typeof ACTIONS)[number]): string {
  if (action === "s3:GetObject") return " of state/ and etl/ in the bucket";
  return action === "ssm:GetParameter" ? " of /stormwire/STACK/api-key, which is not decrypted" : "";
}
