import { UserError } from "../../lib/user-error.ts";

/** Thrown when a Pulumi program cannot be loaded, with the message of the program, e.g. a list of config problems. */
export class ProgramError extends UserError {
  override readonly name = "ProgramError";
}
