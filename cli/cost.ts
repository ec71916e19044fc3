import { configStackOption, createCommand, type Invocation, jsonOption } from "./command.ts";

export const cost = (invocation: Invocation) =>
  createCommand("cost", "deploy")
    .summary("estimate what a stack costs a month on AWS, and what drives the bill")
    .description(
      `Estimates what a stack costs a month on AWS. It needs neither an account nor the Pulumi CLI: placeholders stand for the secrets of the config.

Exit code: 0 printed, 2 bad input.`,
    )
    .addOption(configStackOption("dev"))
    .option("--locations <n>", "as if the stack had N locations")
    .option("--poll <time>", "as if it polled each 5m, 1h, 1d, or by rate(…) or cron(…)")
    .option("--phones <n>", "as if N phones received every alert, in place of config's")
    .option("--mailboxes <n>", "as if N mailboxes received every alert, in place of config's")
    .option(
      "--sms-price <usd>",
      "the price of one SMS (default: the most that the program pays, stormwire:sms.maxPriceUsd)",
    )
    .option("--alerts <n>", "alerts a location and month")
    .option("--queries <n>", "Athena queries a month")
    .option(
      "--assume <name=number>",
      "any assumption that is listed below the bill, repeatable",
      (text: string, all: string[]) => [...all, text],
      [],
    )
    .option(
      "--no-free-tier",
      "without AWS's permanent free tier, e.g. where other stacks of the account use it up",
    )
    .option(
      "--measure <dir>",
      "instead of a bill: the assumptions that the output folder of a local run can tell",
    )
    .addOption(jsonOption)
    .action(async (typed) => {
      if (typed.measure !== undefined) {
        const { formatMeasures, measure } = await import("./cost/measure.ts");
        invocation.out(formatMeasures(await measure(typed.measure)));
        return;
      }
      const { parseOptions } = await import("./cost/options.ts");
      const options = parseOptions(typed);
      const { readMonth } = await import("./cost/read-month.ts");
      const { estimate } = await import("./cost/estimate.ts");
      const month = await readMonth(options, invocation.projectDirectory);
      const result = estimate(month, options);
      if (options.json) {
        const { toJson } = await import("./cost/json.ts");
        invocation.out(toJson(month, result, options));
        return;
      }
      const { formatCost } = await import("./cost/format.ts");
      invocation.out(formatCost(month, result, options));
    });
