/**
 * Thrown for what the person at the keyboard can put right. Its message alone says what is wrong and what is allowed, so
 * commands print it without a stack trace.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** Of the command: 2 for bad input, 1 for a task that could not be finished. */
  readonly exitCode: 1 | 2 = 2;
}
