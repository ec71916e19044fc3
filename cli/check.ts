import { configStackOption, createCommand, type Invocation, jsonOption } from "./command.ts";

export const check = (invocation: Invocation) =>
  createCommand("check", "deploy")
    .summary("check a stack's config, and print the rules of each location")
    .description(
      `Checks a stack's config as a preview does, and prints the rules of each location.

It needs no account. Placeholders stand for secrets that only Pulumi can decrypt; with PULUMI_CONFIG_PASSPHRASE and the Pulumi CLI on PATH, the real values are checked.

Exit code: 0 a preview accepts the config (warnings may be printed), 2 it does not, or the stack does not exist.`,
    )
    .addOption(configStackOption("local"))
    .addOption(jsonOption)
    .action(async (options) => {
      const { runCheck } = await import("./check/run.ts");
      await runCheck(options, invocation);
    });
