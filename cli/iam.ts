import { configStackOption, createCommand, type Invocation, jsonOption } from "./command.ts";

export const iam = (invocation: Invocation) =>
  createCommand("iam", "deploy")
    .summary("list which role may do what, on which resource")
    .description(
      `Lists which role may do what, on which resource, and which function uses it. The list is made from the program's own resources, without AWS.

Exit code: 0 printed, 1 an action has a * or is allowed on every resource, 2 bad input.`,
    )
    .addOption(configStackOption("local"))
    .addOption(jsonOption)
    .action(async ({ stack, json }) => {
      const { readGraph } = await import("./iam/graph.ts");
      const { iamReport, isTooWide } = await import("./iam/report.ts");
      const { formatReport, toJson } = await import("./iam/format.ts");
      const report = iamReport(await readGraph(invocation.projectDirectory, stack));
      invocation.out(json ? toJson(report) : formatReport(report));
      if (isTooWide(report)) invocation.exit(1);
    });
