import { UserError } from "../lib/user-error.ts";

/** Longest excerpt of a bad value shown in a message, in characters: the message stays one readable line. */
const EXCERPT_CHARACTERS = 60;

interface ReplayErrorDetails {
  readonly file: string;
  /** 1-based line of the file, when the problem is in one line. */
  readonly line?: number;
  /** Column as its file names it, when the problem is in one column. */
  readonly column?: string;
  /** What was found and what is allowed. */
  readonly problem: string;
  readonly cause?: unknown;
}

/**
 * Thrown when a file cannot be replayed, for example because it is missing, has an unknown format or location, or holds an
 * impossible date or a value that is not a number. The message is one line that names file, line, column, value and what
 * is allowed. It can be printed as it is.
 */
export class ReplayError extends UserError {
  override readonly name = "ReplayError";
  readonly file: string;
  readonly line: number | undefined;
  readonly column: string | undefined;

  constructor(details: ReplayErrorDetails) {
    const position = details.line === undefined ? details.file : `${details.file}:${details.line}`;
    const column = details.column === undefined ? "" : `column ${details.column}: `;
    super(printable(`${position}: ${column}${details.problem}`), { cause: details.cause });
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

/** Removes control characters of a file, its name or a parser's message, which would move the terminal's cursor or change its state. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, " ");
}
