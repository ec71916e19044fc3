import { UserError } from "../../lib/user-error.ts";
/** Thrown when a text has not both markers of a part, in order and once. */
export class MarkerError extends UserError {
  override readonly name = "MarkerError";
}

/** The text with what is between the lines `<!-- NAME:begin -->` and `<!-- NAME:end -->` replaced. Throws {@link MarkerError}. */
export function replaceBetween(text: string, name: string, part: string): string {
  const parts = text.split(new RegExp(`^(<!-- ${name}:(?:begin|end) -->)$`, "m"));
  const [before = "", begin = "", , end = "", after = ""] = parts;
  if (parts.length !== 5 || !begin.includes(":begin") || !end.includes(":end")) {
    throw new MarkerError(
      `the part "${name}" needs the lines <!-- ${name}:begin --> and <!-- ${name}:end -->, in this order and once`,
    );
  }
  return `${before}${begin}\n${part}${end}${after}`;
}
