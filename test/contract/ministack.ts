import { type Line, lineKey } from "./line.ts";

/** How MiniStack 1.5.33 does on a line, other than passing it. */
export type Departure =
  /** It takes the setting, and nothing comes of it. */
  | { readonly outcome: "inert"; readonly found: string; readonly error: RegExp }
  /** It does something else than AWS. */
  | { readonly outcome: "wrong"; readonly found: string; readonly error: RegExp }
  /** It cannot be asked. */
  | { readonly outcome: "skipped"; readonly reason: string };

/** What MiniStack does not pass, by line. `error` is how the line then fails: failing otherwise is a change, too. */
export const DEPARTURES: Readonly<Record<string, Departure>> = {};

export function departureOf(line: Line): Departure | undefined {
  return DEPARTURES[lineKey(line)];
}
