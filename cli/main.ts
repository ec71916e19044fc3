import { fileURLToPath } from "node:url";
import { Command, CommanderError, Help } from "@commander-js/extra-typings";
import { UserError } from "../lib/user-error.ts";
import { check } from "./check.ts";
import type { Invocation, Terminal } from "./command.ts";
import { cost } from "./cost.ts";
import { docs } from "./docs.ts";
import { doctor } from "./doctor.ts";
import { etl } from "./etl.ts";
import { failed } from "./failed.ts";
import { iam } from "./iam.ts";
import { local } from "./local.ts";
import { messageCounts } from "./message-counts.ts";
import { query } from "./query.ts";
import { start } from "./start.ts";
import { subscriptions } from "./subscriptions.ts";

/** In the order in which they are listed, under the headings of their groups. */
const COMMANDS = [
  start,
  local,
  check,
  cost,
  iam,
  doctor,
  subscriptions,
  failed,
  query,
  etl,
  messageCounts,
  docs,
];

/**
 * Runs a command line as a person types it, e.g. `["check", "--stack", "dev"]`. Without a command it lists them.
 *
 * @returns the exit code: 0 done, 1 something failed or needs action, 2 bad input, and what a command says of its own
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const invocation = {
    ...terminal,
    exit: (code: number) => {
      exitCode = code;
    },
  };
  try {
    await createProgram(invocation).parseAsync(argv.length === 0 ? ["--help"] : argv, { from: "user" });
    return exitCode;
  } catch (problem) {
    if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2; // which has printed its own text
    if (!(problem instanceof UserError)) throw problem;
    terminal.error(`${problem.message}\n`);
    return problem.exitCode;
  }
}

function createProgram(invocation: Invocation): Command {
  const program = new Command("npx stormwire")
    .description("A weather pipeline on AWS, on this machine and in your account.")
    .usage("COMMAND [options]")
    .exitOverride()
    .configureOutput({
      writeOut: invocation.out,
      writeErr: invocation.error,
      getOutHelpWidth: () => invocation.width,
      getErrHelpWidth: () => invocation.width,
    })
    .configureHelp({
      subcommandTerm: (command) => command.name(),
      optionTerm: ({ flags }) => shown(flags),
      argumentTerm: (argument) => argument.name().toUpperCase(),
      // That a switch is off, or a list empty, unless it is given is not worth a word.
      optionDescription(option) {
        const isPlain = option.isBoolean() || [option.defaultValue].flat().length === 0;
        return isPlain ? option.description : Help.prototype.optionDescription.call(this, option);
      },
    })
    .addHelpText(
      "after",
      "\nnpx stormwire COMMAND --help describes a command. npm run COMMAND -- [options] runs it, too.",
    )
    .helpOption("--help", "print this text")
    .helpCommand(false);
  for (const define of COMMANDS) {
    const command = define(invocation);
    program.addCommand(command.copyInheritedSettings(program) as Command);
    command
      .helpOption("--help", "print this text")
      .showHelpAfterError(`See: npx stormwire ${command.name()} --help`);
  }
  return program.hook("preAction", (_, command) => requireValues(command as Command));
}

/** `--stack NAME` of `--stack <name>`, as the texts name the value. */
function shown(flags: string): string {
  return flags.replace(/<(.+)>/, (_, value: string) => value.toUpperCase());
}

/** `--out --json` has forgotten a folder: commander takes the second option for the value of the first. */
function requireValues(command: Command): void {
  for (const { attributeName, flags } of command.options.map((option) => ({
    attributeName: option.attributeName(),
    flags: option.flags,
  }))) {
    const value: unknown = command.getOptionValue(attributeName);
    const isOption = (text: unknown) => typeof text === "string" && /^--\w[\w-]*(=|$)/.test(text);
    const found = [value].flat().find(isOption);
    if (found !== undefined) throw new UserError(`option ${shown(flags)} needs a value, found ${found}`);
  }
}

if (import.meta.main) {
  // Lambda's clock is UTC; worker threads share the time zone of the process.
  process.env.TZ = "UTC";
  const { stdout, stderr } = process;
  process.exitCode = await main(process.argv.slice(2), {
    projectDirectory: fileURLToPath(new URL("..", import.meta.url)),
    out: (text) => stdout.write(text),
    error: (text) => stderr.write(text),
    now: () => new Date(),
    isWatched: stderr.isTTY === true,
    hasColors: stdout.isTTY === true && stdout.hasColors(), // knows NO_COLOR
    width: stdout.columns > 0 ? stdout.columns : 80, // some terminals say 0
    interruption() {
      const interrupt = new AbortController();
      process.once("SIGINT", () => interrupt.abort()); // a second one ends the program
      return interrupt.signal;
    },
  });
}
