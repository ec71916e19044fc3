/** Thrown for what the person at the keyboard can put right; the message is one line for them. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
