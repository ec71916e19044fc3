import { parse, YAMLParseError } from "yaml";
import { ProgramError } from "./error.ts";

/**
 * Reads YAML.
 *
 * @param file what the error names
 * @throws {ProgramError} with the file, the line, the column and what is wrong there; no text of the file, which may be a secret
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof YAMLParseError) {
      const [start] = cause.linePos ?? [];
      const place = start === undefined ? file : `${file}, line ${start.line}, column ${start.col}`;
      throw new ProgramError(`${place}: this is no YAML. ${problemOf(cause)}`, { cause });
    }
    // An alias without its anchor, or with so many that it would fill the memory: known without a line.
    if (cause instanceof ReferenceError) {
      throw new ProgramError(`${file}: this is no YAML. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** The first line is what is wrong and where; the lines of the file come after it. */
function problemOf({ message }: YAMLParseError): string {
  return message.split(/ at line \d+, column \d+|\n/)[0] ?? message;
}
