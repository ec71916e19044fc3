import { type ParseArgsConfig, parseArgs } from "node:util";
// By function: the index alone takes a second to load.
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";

/** Thrown for what the person at the keyboard can put right; the message is one line for them. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads a command line with `node:util`'s parseArgs. A value may begin with one hyphen, as `-5` does: what is wrong with
 * it is then said by whoever reads the option.
 *
 * @param hint what to say after the problem, e.g. where the help is
 * @throws {UsageError} for an unknown option, one without its value, or a word that belongs to none
 */
export function parseCommandLine<const Config extends ParseArgsConfig>(config: Config, hint: string) {
  const { options = {} } = config;
  const args = withValues(config.args ?? [], options);
  try {
    return parseArgs({ ...config, args });
  } catch (cause) {
    if (!(cause instanceof TypeError)) {
      throw cause;
    }
    throw new UsageError(`${withoutValue(args, options) ?? problemOf(cause, options)}; ${hint}`, { cause });
  }
}

function problemOf({ message }: TypeError, options: Options): string {
  const problem = message.split(/\. |\.?\n/)[0] ?? message;
  const known = Object.keys(options).map((name) => `--${name}`);
  return /^Un(known|expected)/.test(problem) ? `${problem}; known are ${known.join(", ")}` : problem;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** `--poll -5m` as `--poll=-5m`; parseArgs calls the former ambiguous. */
function withValues(args: readonly string[], options: Options): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1];
    if (takesValue(arg, options) && next !== undefined && /^-[^-]/.test(next)) return [`${arg}=${next}`];
    const isTaken = /^-[^-]/.test(arg) && takesValue(args[index - 1], options);
    return isTaken ? [] : [arg];
  });
}

/** What to say of an option that the next one follows, or nothing. */
function withoutValue(args: readonly string[], options: Options): string | undefined {
  const index = args.findIndex(
    (arg, at) => takesValue(arg, options) && (args[at + 1] ?? "--").startsWith("--"),
  );
  if (index < 0) return undefined;
  const next = args[index + 1];
  return `Option '${args[index]}' needs a value${next === undefined ? "" : `, not '${next}'`}`;
}

function takesValue(arg: string | undefined, options: Options): boolean {
  return arg?.startsWith("--") === true && options[arg.slice(2)]?.type === "string";
}

/** A point in time from the command line. Throws {@link UsageError}. */
export function parseTime(option: string, text: string): Date {
  const time = parseISO(text);
  if (!isValid(time)) {
    throw new UsageError(
      `${option} ${text} is not allowed: an ISO 8601 date and time, e.g. 2024-05-01T00:00:00Z`,
    );
  }
  return time;
}
