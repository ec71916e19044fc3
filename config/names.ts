import { closest } from "fastest-levenshtein";
import { setCommand } from "./commands.ts";
import type { ConfigProblem } from "./problems.ts";

/**
 * A name in config that stands for nothing. `kind` says what it should have named: "places", "subscriptions"; `meant`, what
 * goes by another name now; else it is the nearest that is known.
 */
export function notAmong(
  path: readonly PropertyKey[],
  found: string,
  kind: string,
  known: readonly string[],
  meant?: string,
): ConfigProblem {
  const nearest = meant ?? (known.length > 0 ? closest(found, known) : undefined);
  const hint = nearest === undefined ? "" : `did you mean ${nearest}? `;
  return {
    path,
    found,
    allowed: `${hint}One of the configured ${kind}: ${known.length > 0 ? known.join(", ") : "(none yet)"}`,
    fix: setCommand(path, nearest ?? "NAME"),
  };
}
