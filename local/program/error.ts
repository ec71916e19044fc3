import { UserError } from "../../lib/user-error.ts";
/** Thrown when a Pulumi program cannot be loaded; the message is the program's own, e.g. a list of config problems. */
export class ProgramError extends UserError {
  override readonly name = "ProgramError";
}
