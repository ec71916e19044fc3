import { UserError } from "../lib/user-error.ts";

/** Longest excerpt of a bad value shown in a message, in characters: the message stays one readable line. */
const EXCERPT_CHARACTERS = 60;

interface ReplayErrorDetails {
  readonly file: string;
  /** 1-based line of the file, where one line is to blame. */
  readonly line?: number;
  /** Column as its file names it, where one is to blame. */
  readonly column?: string;
  /** What was found and what is allowed. */
  readonly problem: string;
  readonly cause?: unknown;
}

/**
 * Thrown when what the user asked to replay cannot be replayed: no such file, an unknown format or location, an
 * impossible date, a value that is no number. The message is one line that names file, line, column, value and
 * what is allowed, fit to be printed as it is.
 */
export class ReplayError extends UserError {
  override readonly name = "ReplayError";
  readonly file: string;
  readonly line: number | undefined;
  readonly column: string | undefined;

  constructor(details: ReplayErrorDetails) {
    const place = details.line === undefined ? details.file : `${details.file}:${details.line}`;
    const column = details.column === undefined ? "" : `column ${details.column}: `;
    super(printable(`${place}: ${column}${details.problem}`), { cause: details.cause });
    this.file = details.file;
    this.line = details.line;
    this.column = details.column;
  }
}

/** The value as a message shows it: quoted, on one line, cut to a readable length. */
export function quoted(value: string): string {
  const excerpt = value.length > EXCERPT_CHARACTERS ? `${value.slice(0, EXCERPT_CHARACTERS)}…` : value;
  return JSON.stringify(excerpt);
}

/** Control characters of a file, of its name or of a parser's message would move a terminal's cursor, or change its state. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
