import { addHours } from "date-fns/addHours";
import { startOfHour } from "date-fns/startOfHour";
import { UserError } from "../lib/user-error.ts";
import { createCommand, type Invocation, jsonOption, parseTime } from "./command.ts";

export const local = (invocation: Invocation) =>
  createCommand("local", "here")
    .summary("run any Pulumi TypeScript program on this machine")
    .description(
      `Runs any Pulumi TypeScript program on this machine; docs/other-programs.md lists what is emulated.

Exit code: 0 nothing was lost, 1 something failed or is not emulated (the output says what), 2 bad input.`,
    )
    .requiredOption("--program <dir>", "the folder with Pulumi.yaml")
    .option(
      "--stack <name>",
      "the stack whose Pulumi.NAME.yaml is read (default: local, which may have none)",
    )
    .option(
      "--config <key=value>",
      "a value of the stack's config, for example aws:region=us-east-1, repeatable",
      (text: string, all: string[]) => [...all, text],
      [],
    )
    .option("--from <time>", "where the virtual clock starts (default: this hour)", (text) =>
      parseTime("--from", text),
    )
    .option("--until <time>", "where it ends (default: one hour later)", (text) => parseTime("--until", text))
    .option("--out <dir>", "where everything is kept (default: .local in the program's folder)")
    .option(
      "--keep",
      "continue from what the folder holds; without it the run in it is moved to FOLDER.previous",
      false,
    )
    .addOption(jsonOption)
    .action(async ({ program, stack, config, from, until: end, out, keep, json }) => {
      const start = from ?? startOfHour(invocation.now());
      const until = end ?? addHours(start, 1);
      if (until < start)
        throw new UserError(`--until ${until.toISOString()} is before --from ${start.toISOString()}`);
      const options = {
        program,
        stack: stack ?? "local",
        stackFile: stack === undefined ? ("optional" as const) : ("required" as const),
        config: configOf(config),
        out: out ?? `${program}/.local`,
        start,
        until,
        keep,
        json,
      };
      const { runLocal } = await import("./local/run.ts");
      await runLocal(options, invocation);
    });

/** @throws {UserError} for a value that is not KEY=VALUE. */
function configOf(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const [, key, text] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
      if (key === undefined || text === undefined) {
        throw new UserError(`--config ${value} is not KEY=VALUE, for example aws:region=us-east-1`);
      }
      return [key, text];
    }),
  );
}
