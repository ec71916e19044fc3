import { type ParseArgsConfig, parseArgs } from "node:util";
// By function: the index alone takes a second to load.
import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";

/** Thrown for what the person at the keyboard can put right; the message is one line for them. Exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Reads a command line with `node:util`'s parseArgs.
 *
 * @param hint what to say after the problem, e.g. where the help is
 * @throws {UsageError} for an unknown option, or one without its value
 */
export function parseCommandLine<const Config extends ParseArgsConfig>(config: Config, hint: string) {
  try {
    return parseArgs(config);
  } catch (cause) {
    if (!(cause instanceof TypeError)) {
      throw cause;
    }
    throw new UsageError(`${cause.message.split(/\. |\n/)[0]}; ${hint}`, { cause });
  }
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
