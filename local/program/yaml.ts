import { parse, YAMLParseError } from "yaml";
import { ProgramError } from "./error.ts";

/**
 * Parses YAML.
 *
 * @param file the name of the file in errors
 * @throws {ProgramError} naming file, line, column and problem, but no text of the file, which may be a secret
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof YAMLParseError) {
      const [start] = cause.linePos ?? [];
      const position = start === undefined ? file : `${file}, line ${start.line}, column ${start.col}`;
      throw new ProgramError(`${position}: this is not YAML. ${problemOf(cause)}`, { cause });
    }
    // An alias without an anchor, or too many aliases. This error has no line.
    if (cause instanceof ReferenceError) {
      throw new ProgramError(`${file}: this is not YAML. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** The first line of the message describes the problem; lines of the file follow it. */
function problemOf({ message }: YAMLParseError): string {
  return message.split(/ at line \d+, column \d+|\n/)[0] ?? message;
}
